/** Datasets of images; mirrors `torchvision.datasets`. */
export {
  Caltech101,
  Caltech256,
  type Caltech101Options,
  type Caltech101Target,
  type Caltech101TargetType,
  type Caltech256Options,
} from './caltech.js';
export { CelebA, type CelebAOptions, type CelebATarget, type CelebATargetType } from './celeba.js';
export { CIFAR10, CIFAR100, type CIFAROptions } from './cifar.js';
export {
  Cityscapes,
  type CityscapesClass,
  type CityscapesOptions,
  type CityscapesSplit,
  type CityscapesTarget,
  type CityscapesTargetType,
} from './cityscapes.js';
export { CLEVRClassification, type CLEVRClassificationOptions } from './clevr.js';
export { CocoCaptions, CocoDetection, type CocoAnnotation, type CocoOptions } from './coco.js';
export { Country211, type Country211Options } from './country211.js';
export { DTD, type DTDOptions } from './dtd.js';
export { EMNIST, QMNIST, type EMNISTOptions, type EMNISTSplit, type QMNISTOptions, type QMNISTPart } from './emnist.js';
export { EuroSAT, type EuroSATOptions } from './eurosat.js';
export { FakeData, type FakeDataOptions } from './fakedata.js';
export { FER2013, type FER2013Options } from './fer2013.js';
export { FGVCAircraft, type AircraftLevel, type AircraftSplit, type FGVCAircraftOptions } from './fgvc_aircraft.js';
export { Flickr30k, Flickr8k, type Flickr30kOptions, type Flickr8kOptions } from './flickr.js';
export { Flowers102, type Flowers102Options, type Flowers102Split } from './flowers102.js';
export * as folder from './folder.js';
export {
  DatasetFolder,
  default_loader,
  ImageFolder,
  type DatasetFolderOptions,
  type ImageFolderOptions,
  type Sample,
} from './folder.js';
export { Food101, type Food101Options } from './food101.js';
export { GTSRB, type GTSRBOptions } from './gtsrb.js';
export { read_idx } from './idx.js';
export type { LoaderOptions } from './image_list.js';
export { ImageNet, type ImageNetOptions } from './imagenet.js';
export { Imagenette, type ImagenetteOptions, type ImagenetteSize } from './imagenette.js';
export {
  INaturalist,
  type INaturalistOptions,
  type INaturalistTarget,
  type INaturalistTargetType,
  type INaturalistVersion,
} from './inaturalist.js';
export { Kitti, type KittiObject, type KittiOptions, type KittiTarget } from './kitti.js';
export {
  LFWPairs,
  LFWPeople,
  type LFWImageSet,
  type LFWPairsOptions,
  type LFWPeopleOptions,
  type LFWSplit,
} from './lfw.js';
export { FashionMNIST, KMNIST, MNIST, type MNISTOptions, type Resource } from './mnist.js';
export { MovingMNIST, type MovingMNISTOptions } from './moving_mnist.js';
export { HMDB51, Kinetics, LSUN, LSUNClass, PCAM, UCF101 } from './not_read.js';
export { Omniglot, type OmniglotOptions } from './omniglot.js';
export { OxfordIIITPet, type OxfordIIITPetOptions, type PetTarget, type PetTargetType } from './oxford_iiit_pet.js';
export { PhotoTour, type PhotoTourName, type PhotoTourOptions } from './phototour.js';
export { Places365, type Places365Options, type Places365Split } from './places365.js';
export { RenderedSST2, type RenderedSST2Options } from './rendered_sst2.js';
export { SBDataset, type SBDatasetOptions } from './sbd.js';
export { SBU, type SBUOptions } from './sbu.js';
export { SEMEION, type SEMEIONOptions } from './semeion.js';
export { StanfordCars, type StanfordCarsOptions } from './stanford_cars.js';
export { STL10, type STL10Options, type STL10Split } from './stl10.js';
export { SUN397, type SUN397Options } from './sun397.js';
export { SVHN, type SVHNOptions, type SVHNSplit } from './svhn.js';
export type { JointTransform, JointTransformOptions, TransformOptions } from './transformed.js';
export { USPS, type USPSOptions } from './usps.js';
export * as utils from './utils.js';
export { VisionDataset } from './vision_dataset.js';
export { VOCDetection, VOCSegmentation, type VOCAnnotation, type VOCOptions, type VOCYear } from './voc.js';
export { wrap_dataset_for_transforms_v2, type WrappedDataset } from './wrapped.js';
export { WIDERFace, type WIDERFaceFaces, type WIDERFaceOptions, type WIDERFaceTarget } from './widerface.js';
export {
  FlyingChairs,
  FlyingThings3D,
  HD1K,
  KittiFlow,
  Sintel,
  type FlowItem,
  type FlowOptions,
  type FlowTransform,
  type MaskedFlowItem,
  type FlyingChairsOptions,
  type FlyingThings3DOptions,
  type HD1KOptions,
  type KittiFlowOptions,
  type SintelOptions,
} from './optical_flow.js';
export {
  CarlaStereo,
  CREStereo,
  ETH3DStereo,
  FallingThingsStereo,
  InStereo2k,
  Kitti2012Stereo,
  Kitti2015Stereo,
  Middlebury2014Stereo,
  SceneFlowStereo,
  SintelStereo,
  type ETH3DStereoOptions,
  type FallingThingsStereoOptions,
  type InStereo2kOptions,
  type Kitti2012StereoOptions,
  type Kitti2015StereoOptions,
  type LeftAndRight,
  type MaskedStereoItem,
  type Middlebury2014StereoOptions,
  type SceneFlowStereoOptions,
  type SintelStereoOptions,
  type StereoItem,
  type StereoOptions,
  type StereoTransform,
} from './stereo.js';
