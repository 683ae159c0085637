/** Something a person can mend; the message says how. */
export class UserError extends Error {}
