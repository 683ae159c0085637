/** Which requests the plugins for pods look at. */
import type { AdmissionRequest } from './admission.ts';

export const isPod = ({ kind }: AdmissionRequest): boolean => kind.kind === 'Pod' && kind.group === '';

export const createsPod = (request: AdmissionRequest): boolean => request.operation === 'CREATE' && isPod(request);
