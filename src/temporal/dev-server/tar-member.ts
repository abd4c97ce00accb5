const block = 512;

const text = (header: Uint8Array, from: number, length: number): string => {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
};

/**
 * The bytes of one regular file in an uncompressed tar archive, or undefined.
 * Reads the ustar fields name, size and prefix (POSIX pax, "ustar Interchange Format"); a leading `./` in the archive is ignored.
 */
export const tarMember = (archive: Uint8Array, wanted: string): Uint8Array | undefined => {
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    if (header[0] === 0) return undefined;
    const size = Number.parseInt(text(header, 124, 12).trim(), 8);
    if (!Number.isSafeInteger(size)) return undefined;
    const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
    const name = (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100);
    const type = text(header, 156, 1);
    const start = at + block;
    if ((type === '0' || type === '') && name.replace(/^\.\//, '') === wanted) {
      return start + size <= archive.length ? archive.subarray(start, start + size) : undefined;
    }
    at = start + Math.ceil(size / block) * block;
  }
  return undefined;
};
