import { rename, writeFile } from 'node:fs/promises';

import { createCanvas, loadImage } from '@napi-rs/canvas';
import * as echarts from 'echarts';
import type { Tensor } from 'torch-node';

interface Digit {
  /** Rows of gray values in [0, 1]. */
  readonly pixels: number[][];
  readonly label: string;
}

// Without a color of their own the frames of titles come out black.
const frameless = { borderColor: '#ffffff' };
const size = { width: 1200, height: 760 };
const digits_top = 70;
const curves_top = 270;

/** Collects what a training run gives and draws it: the first digits, the loss and the accuracy. */
export class Plot {
  private readonly losses: number[] = [];
  private readonly accuracies: [step: number, accuracy: number][] = [];
  private readonly digits: Digit[] = [];

  add_loss(loss: number): void {
    this.losses.push(loss);
  }

  /** The accuracy after the step whose loss was added last. */
  add_accuracy(accuracy: number): void {
    this.accuracies.push([this.losses.length - 1, accuracy]);
  }

  /** @param images - [N, 28, 28] in [0, 1] */
  add_digits(images: Tensor, labels: Tensor, predictions: unknown): void {
    const predicted = Array.isArray(predictions) ? predictions : [predictions];
    for (let i = 0; i < images.size(0); i++) {
      const pixels: number[][] = [];
      for (const row of images.index(i))
        pixels.push(Array.from({ length: row.size(0) }, (_, j) => row.index(j).item()));
      this.digits.push({ pixels, label: `${labels.index(i).item()}, predicted ${String(predicted[i])}` });
    }
  }

  /** Writes the picture as PNG. */
  async save(file: string): Promise<void> {
    const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
    chart.setOption(this.options());
    const image = await loadImage(Buffer.from(chart.renderToSVGString()));
    chart.dispose();
    const canvas = createCanvas(size.width, size.height);
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';
    context.fillRect(0, 0, size.width, size.height);
    context.drawImage(image, 0, 0, size.width, size.height);
    const unfinished = `${file}.${process.pid}.part`;
    await writeFile(unfinished, await canvas.encode('png'));
    await rename(unfinished, file);
  }

  private options(): echarts.EChartsOption {
    const cell = size.width / Math.max(this.digits.length, 1);
    const side = Math.min(cell - 20, 110);
    const left = (i: number): number => i * cell + (cell - side) / 2;
    const curve = { top: curves_top + 50, bottom: 60, width: size.width / 2 - 110 };
    const digits = this.digits.length;
    const hidden = { show: false, type: 'category' } as const;
    return {
      animation: false,
      color: ['#3b6fb6'],
      title: [
        { text: 'Handwritten digits and what the LSTM reads', left: 'center', top: 10, ...frameless },
        { text: 'Training loss', left: size.width / 4, top: curves_top, textAlign: 'center', ...frameless },
        { text: 'Test accuracy', left: (size.width * 3) / 4, top: curves_top, textAlign: 'center', ...frameless },
        ...this.digits.map(({ label }, i) => ({
          text: label,
          left: i * cell + cell / 2,
          top: digits_top + side + 6,
          textAlign: 'center' as const,
          ...frameless,
          textStyle: { fontSize: 12, fontWeight: 'normal' as const },
        })),
      ],
      grid: [
        ...this.digits.map((_, i) => ({ left: left(i), top: digits_top, width: side, height: side })),
        { ...curve, left: 70 },
        { ...curve, left: size.width / 2 + 70 },
      ],
      xAxis: [
        ...this.digits.map((_, gridIndex) => ({ ...hidden, gridIndex })),
        ...[0, 1].map((i) => ({
          type: 'value' as const,
          name: 'step',
          nameLocation: 'middle' as const,
          nameGap: 30,
          gridIndex: digits + i,
        })),
      ],
      yAxis: [
        ...this.digits.map((_, gridIndex) => ({ ...hidden, inverse: true, gridIndex })),
        { type: 'value', gridIndex: digits },
        { type: 'value', min: 0, max: 1, gridIndex: digits + 1 },
      ],
      visualMap:
        this.digits.length === 0
          ? []
          : [
              {
                show: false,
                min: 0,
                max: 1,
                inRange: { color: ['#ffffff', '#000000'] },
                seriesIndex: this.digits.map((_, i) => i),
              },
            ],
      series: [
        ...this.digits.map(({ pixels }, i) => ({
          type: 'heatmap' as const,
          xAxisIndex: i,
          yAxisIndex: i,
          data: pixels.flatMap((row, y) => row.map((value, x) => [x, y, value])),
        })),
        {
          type: 'line',
          xAxisIndex: digits,
          yAxisIndex: digits,
          showSymbol: false,
          lineStyle: { width: 1 },
          data: this.losses.map((loss, step) => [step, loss]),
        },
        {
          type: 'line',
          xAxisIndex: digits + 1,
          yAxisIndex: digits + 1,
          data: this.accuracies,
        },
      ],
    };
  }
}
