/** Datasets of images; mirrors `torchvision.datasets`. */
export { read_idx } from './idx.js';
export { FashionMNIST, KMNIST, MNIST, type MNISTOptions, type Resource } from './mnist.js';
export { VisionDataset } from './vision_dataset.js';
