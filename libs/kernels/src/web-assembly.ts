// The part of WebAssembly that is used here. TypeScript declares it only together with everything else of a browser.
export type WasmMemory = { readonly buffer: ArrayBuffer; grow(pages: number): number }
type WasmModule = { readonly wasmModule: never }
type WebAssemblyApi = {
  readonly Memory: new (size: { initial: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> }
  validate(bytes: Uint8Array): boolean
}
declare const WebAssembly: WebAssemblyApi | undefined

/** WebAssembly's API, where there is one. */
export const webAssembly = typeof WebAssembly === 'undefined' ? undefined : WebAssembly
