/** Models of torchvision: their parts, weights for a seed and outputs are Python's; weights from files; the register. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { nn } from 'torch-node';
import { models, transforms } from 'torch-node/vision';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { golden, output_differences, skeleton_differences } from './model_cases.js';
import { float_differences, golden as quantizable, quantized_differences } from './quantized_cases.js';

// One or two of each family, of those that take the least time. `npm run parity:vision` compares the outputs of all.
const SMALL = [
  'convnext_tiny',
  'deeplabv3_mobilenet_v3_large',
  'densenet121',
  'efficientnet_b0',
  'efficientnet_v2_s',
  'fasterrcnn_mobilenet_v3_large_320_fpn',
  'fcn_resnet50',
  'googlenet',
  'lraspp_mobilenet_v3_large',
  'mnasnet0_5',
  'mobilenet_v2',
  'mobilenet_v3_small',
  'mc3_18',
  'r2plus1d_18',
  'raft_small',
  'regnet_x_400mf',
  'regnet_y_400mf',
  'resnet18',
  'resnet50',
  'resnext50_32x4d',
  'shufflenet_v2_x1_0',
  'squeezenet1_1',
  'ssdlite320_mobilenet_v3_large',
  'swin_t',
  'swin_v2_t',
  'vit_b_32',
];

describe('the state dict, the parameters and the text of', () => {
  it.each(Object.entries(golden))('%s are those of torchvision', (name, expected) => {
    expect(skeleton_differences(name, expected)).toEqual([]);
  });
});

describe('the weights for a seed and the outputs of', () => {
  it.each(SMALL)('%s are those of torchvision', (name) => {
    expect(output_differences(name, golden[name]!)).toEqual([]);
  });
});

// `npm run parity:vision` compares the larger ones.
const QUANTIZABLE = ['googlenet', 'mobilenet_v2', 'mobilenet_v3_large', 'resnet18', 'resnet50', 'shufflenet_v2_x0_5'];

describe('the model for quantization', () => {
  it.each(QUANTIZABLE)('%s is that of torchvision, before and after its layers are put together', (name) => {
    expect(float_differences(`quantized_${name}`, quantizable[`quantized_${name}`]!)).toEqual([]);
  });

  it.each(QUANTIZABLE)('%s quantizes as that of torchvision', (name) => {
    const { engine } = torch.backends.quantized;
    try {
      expect(quantized_differences(`quantized_${name}`, quantizable[`quantized_${name}`]!)).toEqual([]);
    } finally {
      torch.backends.quantized.engine = engine;
    }
  });
});

let folder: string;
const { get_dir, set_dir } = torch.hub;
const before = get_dir();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-models-'));
  set_dir(folder);
});
afterEach(() => {
  set_dir(before);
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a state dict where the file of weights would be downloaded to. */
function put(url: string, state_dict: object): void {
  const file = join(folder, 'checkpoints', url.split('/').at(-1)!);
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  torch.save(state_dict, file);
}

describe('weights', () => {
  const { ResNet50_Weights } = models;

  it('have the names, addresses and figures of torchvision', () => {
    expect([...ResNet50_Weights].map(String)).toEqual([
      'ResNet50_Weights.IMAGENET1K_V1',
      'ResNet50_Weights.IMAGENET1K_V2',
    ]);
    expect(ResNet50_Weights.DEFAULT).toBe(ResNet50_Weights.IMAGENET1K_V2);
    const { url, meta } = ResNet50_Weights.IMAGENET1K_V1;
    expect(url).toBe('https://download.pytorch.org/models/resnet50-0676ba61.pth');
    expect(meta).toMatchObject({ num_params: 25557032, min_size: [1, 1], _ops: 4.089, _file_size: 97.781 });
    expect(meta.categories).toHaveLength(1000);
    expect(meta.categories.slice(-2)).toEqual(['ear', 'toilet tissue']);
    expect(meta).toHaveProperty('_metrics', { 'ImageNet-1K': { 'acc@1': 76.13, 'acc@5': 92.862 } });
    expect(models.segmentation.FCN_ResNet50_Weights.DEFAULT.meta.categories.slice(0, 2)).toEqual([
      '__background__',
      'aeroplane',
    ]);
  });

  it('are found by name', () => {
    expect(models.get_weight('ResNet50_Weights.IMAGENET1K_V1')).toBe(ResNet50_Weights.IMAGENET1K_V1);
    expect(ResNet50_Weights.verify('ResNet50_Weights.DEFAULT')).toBe(ResNet50_Weights.IMAGENET1K_V2);
    expect(ResNet50_Weights.verify(null)).toBeNull();
    expect(models.get_model_weights('resnet50')).toBe(ResNet50_Weights);
    expect(models.get_model_weights(models.resnet50)).toBe(ResNet50_Weights);
    expect(ResNet50_Weights.DEFAULT instanceof ResNet50_Weights).toBe(true);
    expect(ResNet50_Weights.DEFAULT instanceof models.ResNet18_Weights).toBe(false);
  });

  it('are refused with the texts of torchvision', () => {
    expect(() => models.get_weight('ResNet50')).toThrow("Invalid weight name provided: 'ResNet50'.");
    expect(() => models.get_weight('Nothing.V1')).toThrow(
      "The weight enum 'Nothing' for the specific method couldn't be retrieved.",
    );
    expect(() => models.get_weight('ResNet50_Weights.V9')).toThrow("'V9'");
    expect(() => models.resnet18({ weights: ResNet50_Weights.DEFAULT as never })).toThrow(
      new TypeError('Invalid Weight class provided; expected ResNet18_Weights but received ResNet50_Weights.'),
    );
    expect(() => models.resnet18({ weights: 'DEFAULT', num_classes: 10 })).toThrow(
      "The parameter 'num_classes' expected value 1000 but got 10 instead.",
    );
    expect(() => models.resnext50_32x4d({ groups: 2 })).toThrow(
      "The parameter 'groups' expected value 32 but got 2 instead.",
    );
    expect(() => models.vit_b_16({ weights: 'DEFAULT', image_size: 64 })).toThrow(
      "The parameter 'image_size' expected value 224 but got 64 instead.",
    );
    expect(() => models.segmentation.fcn_resnet50({ weights: 'DEFAULT', aux_loss: false })).toThrow(
      "The parameter 'aux_loss' expected value True but got False instead.",
    );
    expect(() => models.segmentation.lraspp_mobilenet_v3_large({ aux_loss: true })).toThrow(
      'This model does not use auxiliary loss',
    );
    expect(() => models.regnet_y_128gf({ pretrained: true } as object)).toThrow(
      'No weights available for model regnet_y_128gf',
    );
  });

  it('fill the model', () => {
    const made = models.squeezenet1_1();
    put(models.SqueezeNet1_1_Weights.DEFAULT.url, made.state_dict());
    const weights = models.SqueezeNet1_1_Weights.IMAGENET1K_V1;
    for (const given of [weights, 'DEFAULT', 'SqueezeNet1_1_Weights.IMAGENET1K_V1'] as const) {
      const loaded = models.squeezenet1_1({ weights: given }).state_dict();
      for (const [key, value] of Object.entries(made.state_dict())) expect(loaded[key]?.equal(value)).toBe(true);
    }
  });

  it('of a DenseNet have the names of the file changed', () => {
    const state_dict = models.densenet121().state_dict();
    const old = Object.entries(state_dict)
      .filter(([key]) => !key.endsWith('num_batches_tracked'))
      .map(([key, value]) => [key.replace(/(denselayer\d+\.(?:norm|conv))([12])\./, '$1.$2.'), value]);
    put(models.DenseNet121_Weights.DEFAULT.url, Object.fromEntries(old) as object);
    const key = 'features.denseblock1.denselayer1.conv1.weight';
    expect(old.some(([name]) => name === key)).toBe(false);
    expect(models.densenet121({ weights: 'DEFAULT' }).state_dict()[key]?.equal(state_dict[key]!)).toBe(true);
  });

  it('of a quantized model are loaded into one, and name the weights they were made of', () => {
    const { quantization } = models;
    const weights = quantization.ShuffleNet_V2_X0_5_QuantizedWeights.DEFAULT;
    expect(weights.meta['unquantized']).toBe(models.ShuffleNet_V2_X0_5_Weights.IMAGENET1K_V1);
    expect(weights.meta['backend']).toBe('fbgemm');
    expect(models.get_model_weights('quantized_shufflenet_v2_x0_5')).toBe(
      quantization.ShuffleNet_V2_X0_5_QuantizedWeights,
    );
    const made = quantization.shufflenet_v2_x0_5({ quantize: true });
    put(weights.url, made.state_dict());
    const loaded = quantization.shufflenet_v2_x0_5({ weights: 'DEFAULT', quantize: true });
    const x = torch.ones(1, 3, 64, 64);
    expect(loaded(x).equal(made(x))).toBe(true);
    expect(() => quantization.resnet18({ weights, quantize: true } as never)).toThrow(
      'Invalid Weight class provided; expected ResNet18_QuantizedWeights but received ShuffleNet_V2_X0_5_QuantizedWeights.',
    );
    expect(() => quantization.resnet18({ weights: 'DEFAULT', quantize: true, backend: 'qnnpack' })).toThrow(
      "The parameter 'backend' expected value fbgemm but got qnnpack instead.",
    );
    expect(() => quantization.resnet18({ quantize: true, backend: 'gpu' })).toThrow('Quantized backend not supported ');
  });

  it('of an Inception come without the auxiliary classifier where it is not wanted', () => {
    put(models.GoogLeNet_Weights.DEFAULT.url, models.googlenet({ init_weights: false }).state_dict());
    const model = models.googlenet({ weights: 'DEFAULT' });
    expect([model.aux1, model.aux2, model.aux_logits, model.transform_input]).toEqual([null, null, false, true]);
  });

  it('of a backbone are those of ImageNet unless others are given', () => {
    const backbone = models.mobilenet_v3_large({ dilated: true }).state_dict();
    put(models.MobileNet_V3_Large_Weights.IMAGENET1K_V1.url, backbone);
    const model = models.segmentation.lraspp_mobilenet_v3_large();
    expect(model.state_dict()['backbone.0.0.weight']?.equal(backbone['features.0.0.weight']!)).toBe(true);
  });

  it('give the transforms of torchvision', () => {
    const preprocess = models.EfficientNet_B1_Weights.IMAGENET1K_V2.transforms();
    expect(String(preprocess)).toBe(
      'ImageClassification(\n    crop_size=[240]\n    resize_size=[255]\n    mean=[0.485, 0.456, 0.406]\n' +
        '    std=[0.229, 0.224, 0.225]\n    interpolation=InterpolationMode.BILINEAR\n)',
    );
    expect(String(models.Swin_T_Weights.DEFAULT.transforms({ crop_size: 32, resize_size: 40 }))).toContain(
      'crop_size=[32]\n    resize_size=[40]',
    );
    const image = torch
      .arange(3 * 50 * 60)
      .remainder(251)
      .to(torch.uint8)
      .view(3, 50, 60);
    const small = models.ResNet18_Weights.DEFAULT.transforms({ crop_size: 32, resize_size: 40 });
    const F = transforms.functional;
    const by_hand = F.normalize(
      F.convert_image_dtype(F.center_crop(F.resize(image, [40]), [32])),
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    );
    expect(small(image).equal(by_hand)).toBe(true);
    expect(models.segmentation.FCN_ResNet50_Weights.DEFAULT.transforms({ resize_size: null })(image).shape).toEqual([
      3, 50, 60,
    ]);
  });
});

describe('weights from a server', () => {
  let server: ChildProcess | undefined;
  afterEach(() => {
    server?.kill();
  });

  // A process of its own, since the download makes this one wait.
  async function serve(file: string): Promise<string> {
    const program = `
      const { readFileSync } = require('node:fs');
      const server = require('node:http').createServer((request, response) => {
        const found = request.url.endsWith('.pth');
        response.writeHead(found ? 200 : 404).end(found ? readFileSync(process.argv[1]) : '');
      });
      server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
    const started = spawn(process.execPath, ['-e', program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    server = started;
    const port = await new Promise<string>((resolve) => {
      started.stdout.once('data', (text: Buffer) => {
        resolve(text.toString().trim());
      });
    });
    return `http://127.0.0.1:${port}`;
  }

  it('are downloaded once, and their sum is checked', async () => {
    const linear = new nn.Linear(2, 1);
    const file = join(folder, 'linear.bin');
    torch.save(linear.state_dict(), file);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    const at = await serve(file);
    const weights = (name: string): models.WeightsEnum => {
      const V1 = new models.Weights(`${at}/${name}`, () => new transforms.ToTensor(), {});
      return models.weights_enum('Linear_Weights', { V1 }).V1;
    };
    const good = weights(`linear-${sha256.slice(0, 8)}.pth`);
    const options = { progress: false, check_hash: true };
    expect(good.get_state_dict(options)['weight']?.equal(linear.weight)).toBe(true);
    server?.kill();
    expect(good.get_state_dict(options)['weight']?.equal(linear.weight)).toBe(true);
    expect(existsSync(join(folder, 'checkpoints', `linear-${sha256.slice(0, 8)}.pth`))).toBe(true);
  });

  it('are refused when the sum is another, or there is no file', async () => {
    const file = join(folder, 'linear.bin');
    torch.save(new nn.Linear(2, 1).state_dict(), file);
    const at = await serve(file);
    for (const name of ['linear-00000000.pth', 'nothing']) {
      const V1 = new models.Weights(`${at}/${name}`, () => new transforms.ToTensor(), {});
      const weights = models.weights_enum('Linear_Weights', { V1 }).V1;
      expect(() => weights.get_state_dict({ progress: false, check_hash: true })).toThrow(name);
    }
  });
});

describe('the register of models', () => {
  it('lists the models of torchvision that are here', () => {
    const all = [...Object.keys(golden), ...Object.keys(quantizable)].sort();
    expect(models.list_models().filter((name) => !name.startsWith('test_'))).toEqual(all);
    expect(models.list_models(models.quantization)).toEqual(Object.keys(quantizable));
    expect(models.list_models({ include: 'vgg*', exclude: ['*_bn', 'vgg1[69]'] })).toEqual(['vgg11', 'vgg13']);
    expect(models.list_models(models.segmentation)).toHaveLength(6);
    expect(models.list_models(models.video)).toHaveLength(9);
    expect(models.list_models(models.optical_flow)).toEqual(['raft_large', 'raft_small']);
    expect(models.list_models(models.detection)).toHaveLength(12);
    expect(models.list_models(models, 'resnet1?')).toEqual(['resnet18']);
  });

  it('takes models of a program', () => {
    const test_net = (config?: { features?: number }): nn.Module => new nn.Linear(config?.features ?? 2, 1);
    expect(models.register_model()(test_net)).toBe(test_net);
    expect(String(models.get_model('Test_Net', { features: 3 }))).toContain('in_features=3');
    expect(() => models.register_model('test_net')(test_net)).toThrow(
      "An entry is already registered under the name 'test_net'.",
    );
    expect(() => models.get_model_weights('test_net')).toThrow("The method is missing the 'weights' argument.");
    expect(() => models.get_model('nothing')).toThrow('Unknown model nothing');
  });
});

describe('a model', () => {
  it('learns, with another last layer', () => {
    torch.manual_seed(0);
    const model = models.resnet18();
    model.fc = new nn.Linear(model.fc.in_features, 3);
    const images = torch.randn(6, 3, 32, 32);
    const targets = torch.tensor([0, 1, 2, 0, 1, 2]);
    const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01 });
    const losses = Array.from({ length: 8 }, () => {
      optimizer.zero_grad();
      const loss = nn.functional.cross_entropy(model(images), targets);
      loss.backward();
      optimizer.step();
      return loss.item<number>();
    });
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
  });

  it('refuses other options by its name', () => {
    expect(() => models.resnet18({ classes: 2 } as object)).toThrow(
      new TypeError("resnet18() got an unexpected keyword argument 'classes'"),
    );
    expect(() => new models.ResNet(models.resnet.BasicBlock, [1, 1, 1, 1], { zzz: 1 } as object)).toThrow(
      new TypeError("ResNet() got an unexpected keyword argument 'zzz'"),
    );
  });

  it('of segmentation runs a backbone that returns features by name', () => {
    expect(() => new models._utils.IntermediateLayerGetter(models.resnet18(), { nothing: 'out' })).toThrow(
      'return_layers are not present in model',
    );
  });

  it('takes images of one size only where torchvision does', () => {
    const model = new models.VisionTransformer(32, 8, 1, 2, 16, 32);
    expect(() => model(torch.zeros(1, 3, 40, 32))).toThrow('Wrong image height! Expected 32 but got 40!');
    expect(() => new models.VisionTransformer(33, 8, 1, 2, 16, 32)).toThrow('Input shape indivisible by patch size!');
    expect(() => models.maxvit_t({ input_size: [200, 200] })).toThrow(
      'Input size (50, 50) of block 0 is not divisible by partition size 7.',
    );
  });

  it('reads state dicts of older versions', () => {
    const model = new models.VisionTransformer(16, 8, 1, 2, 16, 32);
    const state_dict = model.state_dict();
    const layer = 'encoder.layers.encoder_layer_0.mlp';
    const old = Object.fromEntries(
      Object.entries(state_dict).map(([key, value]) => [
        key.replace(`${layer}.0`, `${layer}.linear_1`).replace(`${layer}.3`, `${layer}.linear_2`),
        value,
      ]),
    );
    expect(old).toHaveProperty([`${layer}.linear_2.bias`]);
    const other = new models.VisionTransformer(16, 8, 1, 2, 16, 32);
    other.load_state_dict(old);
    expect(other.state_dict()[`${layer}.3.bias`]?.equal(state_dict[`${layer}.3.bias`]!)).toBe(true);
  });
});

describe('an MViT', () => {
  const { MSBlockConfig } = models.video.mvit;
  const settings = [
    new MSBlockConfig(2, 16, 32, [3, 3, 3], [3, 3, 3], [1, 2, 2], [1, 2, 2]),
    new MSBlockConfig({
      num_heads: 4,
      input_channels: 32,
      output_channels: 32,
      kernel_q: [3, 3, 3],
      kernel_kv: [3, 3, 3],
      stride_q: [1, 1, 1],
      stride_kv: [1, 1, 1],
    }),
  ];
  const rows = JSON.parse(readFileSync(join(root, 'tests/reference/vision/mvit.json'), 'utf8')) as {
    flags: [boolean, boolean, boolean, boolean];
    eval: number[];
    train: number[];
  }[];

  it.each(rows)('of $flags gives what it does in Python', ({ flags, eval: evaluated, train }) => {
    torch.manual_seed(0);
    const options = { num_classes: 5, attention_dropout: 0.1 };
    const model = new models.video.MViT([32, 48], 4, settings, ...flags, options).eval();
    for (const parameter of model.parameters()) nn.init.normal_(parameter, { std: 0.2 });
    torch.manual_seed(1);
    const first = model(torch.randn(1, 3, 4, 32, 48)).flatten();
    const second = model
      .train()(torch.randn(1, 3, 4, 32, 48))
      .flatten();
    expect(first.allclose(torch.tensor(evaluated), { atol: 1e-5 })).toBe(true);
    expect(second.allclose(torch.tensor(train), { atol: 1e-5 })).toBe(true);
  });

  it('is refused without blocks', () => {
    expect(() => new models.video.MViT([32, 32], 4, [], true, true, true, true)).toThrow(
      "The configuration parameter can't be empty.",
    );
    expect(() => new models.video.MViT([32, 32], 4, [3 as never], true, true, true, true)).toThrow(
      "argument 'block_setting' must hold MSBlockConfig",
    );
  });
});

describe('a RAFT', () => {
  const images = (height: number, width: number): torch.Tensor => torch.zeros(1, 3, height, width);

  it('refuses images that it cannot take', () => {
    const model = models.optical_flow.raft_small();
    expect(() => model(images(128, 128), images(128, 136))).toThrow(
      'input images should have the same shape, instead got (128, 128) != (128, 136)',
    );
    expect(() => model(images(129, 128), images(129, 128))).toThrow(
      'input image H and W should be divisible by 8, instead got 129 (h) and 128 (w)',
    );
    expect(() => model(images(64, 128), images(64, 128))).toThrow(
      'Feature maps are too small to be down-sampled by the correlation pyramid. H and W of feature maps should be at least 16',
    );
    expect(() => model(images(128, 128), images(128, 128), { updates: 3 } as object)).toThrow(TypeError);
  });

  it('takes parts of a program', () => {
    const { context_encoder } = models.optical_flow.raft_small();
    expect(models.optical_flow.raft_small({ context_encoder }).context_encoder).toBe(context_encoder);
    expect(() => models.optical_flow.raft_small({ update_block: new nn.Identity() as never })).toThrow(
      'The update_block parameter should expose its hidden_state_size attribute.',
    );
  });

  it('learns by the last of its flows', () => {
    torch.manual_seed(0);
    const model = models.optical_flow.raft_small();
    const flows = model(torch.randn(1, 3, 128, 128), torch.randn(1, 3, 128, 128), 2);
    flows.at(-1)!.abs().mean().backward();
    const without = [...model.named_parameters()].filter(([, { grad }]) => grad === null).map(([name]) => name);
    expect(without).toEqual([]);
  });
});

describe('a feature extractor', () => {
  const { create_feature_extractor, get_graph_node_names } = models.feature_extraction;
  const x = torch.linspace(-1, 1, 3 * 32 * 32).view(1, 3, 32, 32);

  it('returns outputs of submodules, and runs no further than it must', () => {
    const model = models.resnet18().eval();
    const extract = create_feature_extractor(model, { maxpool: 'stem', layer2: 'middle' });
    model.layer3.register_forward_hook(() => {
      throw new Error('runs too far');
    });
    const stem = model.maxpool(model.relu(model.bn1(model.conv1(x)))) as torch.Tensor;
    const { stem: ours, middle } = extract(x) as { stem: torch.Tensor; middle: torch.Tensor };
    expect(ours.equal(stem)).toBe(true);
    expect(middle.equal(model.layer2(model.layer1(stem)) as torch.Tensor)).toBe(true);
    const kept = Object.keys(model.state_dict()).filter((name) => !/^(layer[34]|fc)/.test(name));
    expect(Object.keys(extract.state_dict())).toEqual(kept);
  });

  it('tells the calls of a submodule apart', () => {
    const model = models.resnet18().eval();
    const extract = create_feature_extractor(model, ['layer1.0.relu', 'layer1.0.relu_1', 'layer1.0']);
    const found = extract(x);
    expect(found['layer1.0.relu_1']?.equal(found['layer1.0']!)).toBe(true);
    expect(found['layer1.0.relu']?.equal(found['layer1.0']!)).toBe(false);
  });

  it('has nodes of its own for training', () => {
    const model = models.googlenet({ init_weights: false, num_classes: 3 });
    const extract = create_feature_extractor(model, {
      train_return_nodes: ['aux1', 'fc'],
      eval_return_nodes: ['fc'],
    });
    const image = torch.zeros(2, 3, 64, 64);
    expect(Object.keys(extract(image))).toEqual(['aux1', 'fc']);
    extract.eval();
    expect([Object.keys(extract(image)), model.fc.training]).toEqual([['fc'], false]);
  });

  it('refuses what torchvision refuses', () => {
    const model = models.squeezenet1_1();
    expect(() => create_feature_extractor(model, ['nothing'])).toThrow("node: 'nothing' is not present in model.");
    expect(() => create_feature_extractor(model)).toThrow('Either `return_nodes` or `train_return_nodes` and');
    expect(() => create_feature_extractor(model, ['features'], ['features'])).toThrow('then both should be specified');
    expect(() => create_feature_extractor(model, ['classifier_7'])).toThrow("'classifier_7' is not present in model.");
    expect(get_graph_node_names(model)[0].slice(0, 3)).toEqual(['x', 'features.0', 'features.1']);
  });

  it('gives outputs of submodules where a model cannot be traced', () => {
    const model = models.swin_t();
    expect(get_graph_node_names(model)[0].slice(0, 2)).toEqual(['features.0.0', 'features.0.1']);
    expect(Object.keys(create_feature_extractor(model, ['features.1'])(x))).toEqual(['features.1']);
    expect(() => create_feature_extractor(model, ['add'])).toThrow('since it cannot be traced: ');
    expect(() => create_feature_extractor(model, ['norm_7'])(x)).toThrow('there was no call 8 of it');
  });

  it('says where training and evaluation have different nodes', () => {
    const warnings: string[] = [];
    const listen = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', listen);
    const model = models.googlenet({ init_weights: false });
    get_graph_node_names(model, { suppress_diff_warning: true });
    get_graph_node_names(model);
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      process.off('warning', listen);
      expect(warnings.filter((text) => text.includes('subsequence of those obtained in train mode'))).toHaveLength(1);
    });
  });

  interface FeatureNodes {
    readonly train: [number, string];
    readonly eval: [number, string];
    readonly parameters: number;
    readonly nodes: Readonly<Record<string, [shape: number[], mean: number]>>;
  }
  const references = JSON.parse(
    readFileSync(join(root, 'tests/reference/vision/feature_nodes.json'), 'utf8'),
  ) as Readonly<Record<string, FeatureNodes>>;
  it.each(Object.entries(references))('has the nodes of Python: %s', (name, expected) => {
    torch.manual_seed(0);
    const options = name === 'googlenet' || name === 'inception_v3' ? { init_weights: false } : {};
    const model = models.get_model(name, options).eval();
    const described = (names: string[]): [number, string] => [
      names.length,
      createHash('md5').update(names.join('\n')).digest('hex'),
    ];
    const [train, evaluation] = get_graph_node_names(model, { suppress_diff_warning: true });
    expect([described(train), described(evaluation)]).toEqual([expected.train, expected.eval]);
    const nodes = Object.keys(expected.nodes);
    const extract = create_feature_extractor(model, nodes, { suppress_diff_warning: true });
    expect([...extract.parameters()].length).toBe(expected.parameters);
    const image = torch.linspace(-1, 1, 3 * 96 * 96).view(1, 3, 96, 96);
    const outputs = torch.no_grad(() => extract(image));
    expect(Object.keys(outputs)).toEqual(nodes);
    for (const [node, [shape, mean]] of Object.entries(expected.nodes)) {
      const ours = outputs[node]!;
      expect([...ours.shape]).toEqual(shape);
      expect(Math.abs(ours.double().mean().item<number>() - mean)).toBeLessThan(1e-5 + 1e-4 * Math.abs(mean));
    }
  });
});
