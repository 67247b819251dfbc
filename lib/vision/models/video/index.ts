/** Models of videos; mirrors `torchvision.models.video`. */
export {
  MViT,
  mvit_v1_b,
  MViT_V1_B_Weights,
  mvit_v2_s,
  MViT_V2_S_Weights,
  type MViTOptions,
} from './mvit.js';
export {
  mc3_18,
  MC3_18_Weights,
  r2plus1d_18,
  R2Plus1D_18_Weights,
  r3d_18,
  R3D_18_Weights,
  VideoResNet,
  type VideoResNetOptions,
} from './resnet.js';
export { S3D, s3d, S3D_Weights, type S3DOptions } from './s3d.js';
export {
  swin3d_b,
  Swin3D_B_Weights,
  swin3d_s,
  Swin3D_S_Weights,
  swin3d_t,
  Swin3D_T_Weights,
  SwinTransformer3d,
  type SwinTransformer3dOptions,
} from './swin_transformer.js';

// The modules with the parts of models that are not in `torchvision.models.video` itself.
export * as mvit from './mvit.js';
