/**
 * Which objects stand for images of PIL, and of what kind: pixels, or numbers of a palette's colors. `vision` says it, and it goes along
 * where an object goes to another thread or process.
 */
export type PilKind = 'pixels' | 'palette';

const kinds = new WeakMap<object, PilKind>();

/** The kind of an object that stands for an image of PIL. */
export const pil_kind_of = (image: object): PilKind | undefined => kinds.get(image);

/** Makes an object one that stands for an image of PIL. */
export function set_pil_kind(image: object, kind: PilKind): void {
  kinds.set(image, kind);
}
