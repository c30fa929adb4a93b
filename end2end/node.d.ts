// The little of Node that the tests use, so that its types need not be installed.
declare module "node:fs" {
  export function existsSync(path: string): boolean;
  export function mkdirSync(path: string, options?: { recursive?: boolean }): void;
  export function readFileSync(path: URL): Bytes;
}
/** Bytes, as far as the tests look into them. */
interface Bytes extends Uint8Array {
  subarray(from: number, to: number): Bytes;
}
declare module "node:url" {
  export function fileURLToPath(url: URL): string;
}
declare const process: { env: Record<string, string | undefined> };
