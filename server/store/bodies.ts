// Where raw bytes lie: large blocks in memory that many messages share, so that 100,000 messages are not 100,000 buffers.

/** Where one message's bytes are. */
export interface BodyRef {
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

export interface Bodies {
  /** Resolves when the bytes are safe; `raw` is not changed and may be kept. */
  put(raw: Buffer): Promise<BodyRef>;
  /** Bytes `start` to `end` (exclusive) of a body; both are cut to its length. */
  get(ref: BodyRef, start?: number, end?: number): Promise<Buffer>;
  drop(refs: readonly BodyRef[]): Promise<void>;
}

const BLOCK = 256 * 1024;
const OWN_BLOCK = 32 * 1024; // a body of that size or more is kept as it came, without a copy

interface Block {
  readonly bytes: Buffer;
  used: number;
  live: number;
}

export function createMemoryBodies(): Bodies {
  const blocks = new Map<number, Block>();
  let nextBlock = 0;
  let openBlock = -1;

  function add(block: Block): number {
    blocks.set(nextBlock, block);
    return nextBlock++;
  }

  function roomFor(length: number): number {
    const open = blocks.get(openBlock);
    if (open && open.bytes.length - open.used >= length) return openBlock;
    if (open?.live === 0) blocks.delete(openBlock);
    openBlock = add({ bytes: Buffer.allocUnsafeSlow(BLOCK), used: 0, live: 0 });
    return openBlock;
  }

  function put(raw: Buffer): BodyRef {
    if (raw.length >= OWN_BLOCK) return { segment: add({ bytes: raw, used: raw.length, live: 1 }), offset: 0, length: raw.length };
    const segment = roomFor(raw.length);
    const block = blocks.get(segment) as Block;
    const offset = block.used;
    raw.copy(block.bytes, offset);
    block.used += raw.length;
    block.live++;
    return { segment, offset, length: raw.length };
  }

  return {
    put: (raw) => Promise.resolve(put(raw)),
    get(ref, start = 0, end = ref.length) {
      const block = blocks.get(ref.segment);
      if (!block) return Promise.reject(new Error(`body block ${ref.segment} is gone`));
      const from = Math.min(Math.max(0, start), ref.length);
      return Promise.resolve(block.bytes.subarray(ref.offset + from, ref.offset + Math.max(from, Math.min(end, ref.length))));
    },
    drop(refs) {
      for (const { segment } of refs) {
        const block = blocks.get(segment);
        if (block && --block.live === 0 && segment !== openBlock) blocks.delete(segment);
      }
      return Promise.resolve();
    },
  };
}
