/** The sizes of the blocks of MobileNet v3, and what makes one of it. */
import { signature, type Arguments } from '../../_internal/signature.js';
import { make_divisible } from './_utils.js';
import type { MobileNetV3, MobileNetV3BuilderOptions } from './mobilenetv3.js';

interface BlockConfig {
  /** Channels of the input, before `width_mult`. */
  input_channels: number;
  /** Size of the kernel. */
  kernel: number;
  /** Channels of the middle, before `width_mult`. */
  expanded_channels: number;
  /** Channels of the output, before `width_mult`. */
  out_channels: number;
  /** Whether the block squeezes and excites. */
  use_se: boolean;
  /** `'RE'` for ReLU, `'HS'` for Hardswish. */
  activation: string;
  /** Stride of the block. */
  stride: number;
  /** Dilation, which replaces the stride where it is above 1. */
  dilation: number;
  /** Factor of the number of channels. */
  width_mult: number;
}

const CONFIG = signature<BlockConfig>(
  'InvertedResidualConfig',
  'input_channels: int, kernel: int, expanded_channels: int, out_channels: int, use_se: bool, activation: str, ' +
    'stride: int, dilation: int, width_mult: float',
);

const adjusted = (channels: number, width_mult: number): number => make_divisible(channels * width_mult, 8);

/**
 * The sizes of a block of a {@link MobileNetV3}. Mirrors `torchvision.models.mobilenetv3.InvertedResidualConfig`.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const config = new models.mobilenetv3.InvertedResidualConfig(16, 3, 64, 24, false, 'RE', 2, 1, 0.5);
 * print(config.input_channels, config.expanded_channels, config.out_channels); // 8 32 16
 * ```
 */
export class InvertedResidualConfig {
  readonly input_channels: number;
  readonly kernel: number;
  readonly expanded_channels: number;
  readonly out_channels: number;
  readonly use_se: boolean;
  readonly use_hs: boolean;
  readonly stride: number;
  readonly dilation: number;

  constructor(
    ...args: Arguments<
      [
        input_channels: number,
        kernel: number,
        expanded_channels: number,
        out_channels: number,
        use_se: boolean,
        activation: string,
        stride: number,
        dilation: number,
        width_mult: number,
      ],
      BlockConfig,
      [
        'input_channels',
        'kernel',
        'expanded_channels',
        'out_channels',
        'use_se',
        'activation',
        'stride',
        'dilation',
        'width_mult',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const given = CONFIG.read(args);
    const { width_mult } = given;
    this.input_channels = adjusted(given.input_channels, width_mult);
    this.kernel = given.kernel;
    this.expanded_channels = adjusted(given.expanded_channels, width_mult);
    this.out_channels = adjusted(given.out_channels, width_mult);
    this.use_se = given.use_se;
    this.use_hs = given.activation === 'HS';
    this.stride = given.stride;
    this.dilation = given.dilation;
  }
}

/** What the constructor takes by name. */
export const TAKES = 'num_classes?: int, block?: Callable|None, norm_layer?: Callable|None, dropout?: float';
/** What the functions take that make a {@link MobileNetV3}. */
export const BUILDER_TAKES = `${TAKES}, width_mult?: float, reduced_tail?: bool, dilated?: bool`;

type Row = [number, number, number, number, boolean, string, number, number];

/** The sizes of the blocks, and the features of the layer before the last. */
export function setting_of(
  name: string,
  { width_mult = 1, reduced_tail = false, dilated = false }: MobileNetV3BuilderOptions,
): [InvertedResidualConfig[], number] {
  const tail = reduced_tail ? 2 : 1;
  const dilation = dilated ? 2 : 1;
  const large = name === 'mobilenet_v3_large';
  const [last, inner] = large ? [160 / tail, 960 / tail] : [96 / tail, 576 / tail];
  const rows: Row[] = large
    ? [
        [16, 3, 16, 16, false, 'RE', 1, 1],
        [16, 3, 64, 24, false, 'RE', 2, 1],
        [24, 3, 72, 24, false, 'RE', 1, 1],
        [24, 5, 72, 40, true, 'RE', 2, 1],
        [40, 5, 120, 40, true, 'RE', 1, 1],
        [40, 5, 120, 40, true, 'RE', 1, 1],
        [40, 3, 240, 80, false, 'HS', 2, 1],
        [80, 3, 200, 80, false, 'HS', 1, 1],
        [80, 3, 184, 80, false, 'HS', 1, 1],
        [80, 3, 184, 80, false, 'HS', 1, 1],
        [80, 3, 480, 112, true, 'HS', 1, 1],
        [112, 3, 672, 112, true, 'HS', 1, 1],
        [112, 5, 672, last, true, 'HS', 2, dilation],
      ]
    : [
        [16, 3, 16, 16, true, 'RE', 2, 1],
        [16, 3, 72, 24, false, 'RE', 2, 1],
        [24, 3, 88, 24, false, 'RE', 1, 1],
        [24, 5, 96, 40, true, 'HS', 2, 1],
        [40, 5, 240, 40, true, 'HS', 1, 1],
        [40, 5, 240, 40, true, 'HS', 1, 1],
        [40, 5, 120, 48, true, 'HS', 1, 1],
        [48, 5, 144, 48, true, 'HS', 1, 1],
        [48, 5, 288, last, true, 'HS', 2, dilation],
      ];
  for (let i = 0; i < 2; i++) rows.push([last, 5, inner, last, true, 'HS', 1, dilation]);
  const setting = rows.map((row) => new InvertedResidualConfig(...row, width_mult));
  return [setting, adjusted((large ? 1280 : 1024) / tail, width_mult)];
}
