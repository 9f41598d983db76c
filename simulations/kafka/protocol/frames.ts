// Cuts a stream of bytes into frames: four bytes of size, then that many bytes.

/** Largest frame a broker takes (socket.request.max.bytes). */
export const MAX_FRAME_BYTES = 104_857_600;

export class FrameCutter {
  private held: Uint8Array = new Uint8Array(0);
  private readonly maxBytes: number;

  constructor(maxBytes = MAX_FRAME_BYTES) {
    this.maxBytes = maxBytes;
  }

  /** Takes the next piece of the stream. @returns whole frames without their sizes, or null when a size is negative or too large: the connection is then beyond use. */
  push(piece: Uint8Array): Uint8Array[] | null {
    let bytes = piece;
    if (this.held.length > 0) {
      bytes = new Uint8Array(this.held.length + piece.length);
      bytes.set(this.held);
      bytes.set(piece, this.held.length);
    }
    const frames: Uint8Array[] = [];
    let at = 0;
    while (bytes.length - at >= 4) {
      const size = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
      if (size < 0 || size > this.maxBytes) return null;
      if (bytes.length - at - 4 < size) break;
      frames.push(bytes.slice(at + 4, at + 4 + size));
      at += 4 + size;
    }
    this.held = bytes.slice(at);
    return frames;
  }
}
