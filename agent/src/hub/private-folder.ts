// A folder that only the agent's own user can read or write: bundles may hold Secrets, and what is assigned is read
// back from it after a restart.
import { chmod, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const OWN_DRAFT = `.draft-${process.pid}`;

/** Files in one folder, written whole or not at all, save those that are checked when they are read. */
export class PrivateFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes the folder; throws where it is somebody else's, who could have put anything into it. */
  static async open(path: string): Promise<PrivateFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const found = await lstat(path);
    const mine = process.getuid?.() ?? found.uid;
    if (!found.isDirectory() || found.uid !== mine) {
      throw new Error(
        `the folder ${path} belongs to another user, so what it holds cannot be trusted; set FAIRLEAD_BUNDLE_DIR to a folder of the agent's own`,
      );
    }
    await chmod(path, 0o700);
    return new PrivateFolder(path);
  }

  /** A folder in this one, made where it is not there. */
  folder(name: string): Promise<PrivateFolder> {
    return PrivateFolder.open(join(this.#path, name));
  }

  /** The file's content, or `undefined` where there is none. */
  async read(name: string): Promise<Buffer | undefined> {
    try {
      const file = await open(join(this.#path, name), 'r');
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * After a crash in the middle the old content is there, or none. `isChecked`: whoever reads it finds out by itself
   * whether it is whole, so that nobody waits until the disk has it; a crash of the machine may then cut it off.
   */
  async write(name: string, content: string | Buffer, { isChecked = false } = {}): Promise<void> {
    const draft = join(this.#path, `.${name}${OWN_DRAFT}`);
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(content);
      if (!isChecked) await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, join(this.#path, name));
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#path, name), { force: true });
  }

  /** Names of all files, drafts that a crash left included; those of this process are under way. */
  async names(): Promise<string[]> {
    return (await readdir(this.#path)).filter((name) => !name.endsWith(OWN_DRAFT));
  }
}
