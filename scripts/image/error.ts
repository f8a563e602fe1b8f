/** An image could not be made. `message` says what is missing or which program failed. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}
