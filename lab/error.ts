/** A failure the user can act on: printed as one message, without a stack. */
export class LabError extends Error {
  override name = 'LabError';
}
