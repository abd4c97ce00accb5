import type { DatabaseSync } from 'node:sqlite';

/** Longest note, in UTF-16 code units as a browser's `maxlength` counts them. */
export const NOTE_LENGTH = 4_000;

export interface Note {
  readonly id: number;
  readonly text: string;
  readonly writtenBy: string;
  /** Milliseconds since 1970 UTC. */
  readonly writtenAt: number;
}

/** Keeps a note. The caller has checked that it is not empty and not longer than NOTE_LENGTH. */
export function addNote(db: DatabaseSync, note: Omit<Note, 'id'>): void {
  db.prepare('INSERT INTO note (text, written_by, written_at) VALUES (?, ?, ?)').run(note.text, note.writtenBy, note.writtenAt);
}

/** The newest notes, newest first. */
export function listNotes(db: DatabaseSync, limit = 200): Note[] {
  const rows = db.prepare('SELECT id, text, written_by, written_at FROM note ORDER BY id DESC LIMIT ?').all(limit);
  return rows.map((row) => ({
    id: Number(row['id']),
    text: String(row['text']),
    writtenBy: String(row['written_by']),
    writtenAt: Number(row['written_at']),
  }));
}

/** How many notes were ever written, deleted ones included: a meter never runs backwards. */
export function notesWritten(db: DatabaseSync): number {
  // SQLite's own count behind AUTOINCREMENT; without a row before the first note (https://sqlite.org/autoinc.html).
  return Number(db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'note'").get()?.['seq'] ?? 0);
}

/** Deletes one note; a success when it is gone already. */
export function deleteNote(db: DatabaseSync, id: number): void {
  db.prepare('DELETE FROM note WHERE id = ?').run(id);
}
