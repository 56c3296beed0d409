// What is answered to an import, and to the undoing of a deletion.

export interface Restored {
  restored: number;
}

export interface ImportFailure {
  /** Which message: its name in the zip, or its number and where in the file it begins. */
  at: string;
  reason: string;
}

export interface Imported {
  imported: number;
  failed: ImportFailure[];
}
