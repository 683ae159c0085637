/** What was asked for cannot be; the message is for the person who asked. Not a failure of the feature. */
export class Refusal extends Error {}
