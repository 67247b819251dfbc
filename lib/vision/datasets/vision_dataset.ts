import { Dataset } from '../../utils/data/dataset.js';

function described(label: string, transform: unknown): string[] {
  if (transform === null || transform === undefined) return [];
  const [first = '', ...rest] = String(transform).split('\n');
  return [`${label}${first}`, ...rest.map((line) => ' '.repeat(label.length) + line)];
}

/** The base of image datasets: a folder, and what is done to images and targets. Mirrors torchvision's `VisionDataset`. */
export abstract class VisionDataset<T> extends Dataset<T> {
  /** The folder that holds the dataset. */
  readonly root: string;
  /** What images go through. */
  abstract transform: ((image: never) => unknown) | null;
  /** What targets go through. */
  abstract target_transform: ((target: never) => unknown) | null;

  constructor(root: string) {
    super();
    this.root = root;
  }

  /** Lines for the printed form. */
  extra_repr(): string {
    return '';
  }

  /** As torchvision prints it. */
  override toString(): string {
    const lines = [`Number of datapoints: ${this.length}`, `Root location: ${this.root}`];
    const extra = this.extra_repr();
    if (extra) lines.push(...extra.split('\n'));
    if (this.transform || this.target_transform) {
      const body = [
        'StandardTransform',
        ...described('Transform: ', this.transform),
        ...described('Target transform: ', this.target_transform),
      ];
      lines.push(body.join('\n'));
    }
    return [`Dataset ${this.constructor.name}`, ...lines.map((line) => `    ${line}`)].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
