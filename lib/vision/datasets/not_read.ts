/** Datasets of torchvision whose files cannot be read here, which say what to do instead. */

/** What a dataset would have been. */
abstract class NotRead {
  /** @throws Error always */
  constructor(what: string) {
    throw new Error(`${new.target.name}(): ${what}`);
  }
}

const HDF5 =
  'files of HDF5 cannot be read here. In Python, h5py and numpy write them as files that torch-node/numpy reads: ' +
  "np.save('x.npy', h5py.File('camelyonpatch_level_2_split_train_x.h5')['x'][:]). A class of your own that extends " +
  'datasets.VisionDataset then gives the items.';
const LMDB =
  'databases of LMDB cannot be read here. `python data.py export bedroom_train_lmdb --out_dir bedroom_train`, of ' +
  'https://github.com/fyu/lsun, writes the images as files, which datasets.ImageFolder reads.';
const VIDEOS =
  'videos cannot be read here, since there is no decoder for them. `ffmpeg -i clip.avi clip/%05d.jpg` writes the frames as ' +
  'files; a class of your own that extends datasets.VisionDataset stacks those of a clip, which datasets.default_loader reads.';

/** Mirrors `torchvision.datasets.PCAM`. @throws Error always, with what to do instead */
export class PCAM extends NotRead {
  constructor(..._args: readonly unknown[]) {
    super(HDF5);
  }
}
/** Mirrors `torchvision.datasets.LSUN`. @throws Error always, with what to do instead */
export class LSUN extends NotRead {
  constructor(..._args: readonly unknown[]) {
    super(LMDB);
  }
}
/** Mirrors `torchvision.datasets.LSUNClass`. @throws Error always, with what to do instead */
export class LSUNClass extends NotRead {
  constructor(..._args: readonly unknown[]) {
    super(LMDB);
  }
}
/** Mirrors `torchvision.datasets.Kinetics`. @throws Error always, with what to do instead */
export class Kinetics extends NotRead {
  constructor(..._args: readonly unknown[]) {
    super(VIDEOS);
  }
}
/** Mirrors `torchvision.datasets.HMDB51`. @throws Error always, with what to do instead */
export class HMDB51 extends NotRead {
  constructor(..._args: readonly unknown[]) {
    super(VIDEOS);
  }
}
/** Mirrors `torchvision.datasets.UCF101`. @throws Error always, with what to do instead */
export class UCF101 extends NotRead {
  constructor(..._args: readonly unknown[]) {
    super(VIDEOS);
  }
}
