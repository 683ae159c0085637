/** Bodies in protobuf: kubectl and client-go send them for built-in kinds. */
import { decodeProtobuf } from '#common/schema/protobuf.ts';

/** The value as its JSON would be, apiVersion and kind included. */
export const decodeProtobufBody = (body: Buffer, expectedKind: string): unknown => decodeProtobuf(body, expectedKind);
