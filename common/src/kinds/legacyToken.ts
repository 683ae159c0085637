/** How the API server and its controllers tell each other which tokens in Secrets are still used, and since when one is not. */
import { formatTime, parseTime } from '../api/time.ts';

/** The last day on which a Secret's token was shown to the API server. */
export const lastUsedLabel = 'kubernetes.io/legacy-token-last-used';
/** The day from which a Secret's token is refused. */
export const invalidSinceLabel = 'kubernetes.io/legacy-token-invalid-since';
/** The ConfigMap that says from when on the use of tokens is noted. */
export const trackingKey = { namespace: 'kube-system', name: 'kube-apiserver-legacy-service-account-token-tracking' };

/** The day, as labels and the ConfigMap have it. */
export const dayOf = (ms: number): string => formatTime(ms).slice(0, 10);

/** When a day of that form began; undefined for any other text. */
export const parseDay = (day: string | undefined): number | undefined => parseTime(`${day}T00:00:00Z`);
