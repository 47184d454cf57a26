// What a render reads: folders and files of one commit, addressed by their ids. Git is behind it, or a test's own.

/** SUBMODULE is a commit of another repository: never followed. */
export type EntryKind = 'FILE' | 'EXECUTABLE' | 'SYMLINK' | 'FOLDER' | 'SUBMODULE';

/** One entry of a folder. Two entries with one id have the same content. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: EntryKind;
  readonly id: string;
}

/** The whole tree of one commit; reads are by id, so that equal ids need no second read. */
export interface SourceTree {
  /** The id of the root folder. */
  readonly root: string;
  /** The commit, for messages. */
  readonly commit: string;
  folder(id: string): Promise<readonly TreeEntry[]>;
  file(id: string): Promise<Buffer>;
}
