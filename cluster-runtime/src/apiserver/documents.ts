/**
 * Discovery and OpenAPI as the server sees them: documents at fixed addresses. Who makes them decides by the Accept
 * header what form they take, and gives an ETag where clients keep copies.
 */
import type { Query } from './http/query.ts';

export interface DocumentRequest {
  readonly path: string;
  readonly query: Query;
  /** The Accept header; absent means anything. */
  readonly accept: string | undefined;
  /** The If-None-Match header. */
  readonly ifNoneMatch: string | undefined;
}

export interface DocumentAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer | string;
  /** Further headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers for an address; undefined when there is no such document. May throw ApiError. */
export type DocumentSource = (request: DocumentRequest) => DocumentAnswer | undefined | Promise<DocumentAnswer | undefined>;
