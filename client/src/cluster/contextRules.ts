/**
 * What may be done to a cluster that is shown. The playground is there to be changed; any other context only if a person has
 * named it in their own settings, and then nothing is applied there without a question.
 */
export type Access =
  /** The playground. */
  | 'free'
  /** Commands change it; applying on save asks each time. */
  | 'asks'
  | 'readOnly';

/** `context` is undefined for the playground; `allowed` is the setting of the user, whatever is in it. */
export function accessTo(context: string | undefined, allowed: unknown): Access {
  if (context === undefined) return 'free';
  return Array.isArray(allowed) && allowed.includes(context) ? 'asks' : 'readOnly';
}
