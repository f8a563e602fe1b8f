import { makeFolder } from 'signet:files';
import { fileError } from '../common/file-names.ts';
import { FolderFiles } from '../common/folder-files.ts';
import { CompactFolder } from './folder.ts';
import { CompactRandom } from './random.ts';

/** The files below one folder. */
export class CompactFiles extends FolderFiles<CompactFolder> {
  private constructor(root: string) {
    super(() => CompactFolder.open(root), new CompactRandom());
  }

  /** The files of the machine below `root`, as they are. */
  static of(root: string): CompactFiles {
    return new CompactFiles(root);
  }

  /** The files below `root`, which is made (mode 0700) if it is not there. Clears away what a crash left half-written. */
  static async open(root: string): Promise<CompactFiles> {
    try {
      makeFolder(root, 0o700);
    } catch (error) {
      throw fileError(error, root);
    }
    const files = new CompactFiles(root);
    await files.clear(root);
    return files;
  }
}
