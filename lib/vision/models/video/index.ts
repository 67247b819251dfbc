/** Models of videos; mirrors `torchvision.models.video`. */
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
