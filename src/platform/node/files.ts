import { mkdir } from 'node:fs/promises';
import { fileError, systemCode } from '../common/file-names.ts';
import { FolderFiles } from '../common/folder-files.ts';
import { NodeFolder } from './folder.ts';
import { NodeRandom } from './random.ts';

/** The files below one folder, by Node. */
export class NodeFiles extends FolderFiles<NodeFolder> {
  private constructor(root: string) {
    super(() => NodeFolder.open(root), new NodeRandom());
  }

  /** The files of the machine below `root`, as they are. */
  static of(root: string): NodeFiles {
    return new NodeFiles(root);
  }

  /**
   * The files below `root`, which is made (mode 0700) if it is not there. Clears away what a crash left half-written, so only
   * the owner of the store may open them.
   */
  static async open(root: string): Promise<NodeFiles> {
    await mkdir(root, { mode: 0o700 }).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw fileError(error, root);
    });
    const files = new NodeFiles(root);
    await files.clear(root);
    return files;
  }
}
