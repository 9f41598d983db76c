// Parts of Monaco that ship without declarations.
declare module 'monaco-editor/languages/features/typescript/tsWorker' {
  export interface TypeScriptModel {
    readonly uri: { readonly path: string; toString(): string };
    readonly version: number;
    getValue(): string;
  }
  interface Diagnostic {
    readonly start?: number;
    readonly length?: number;
    readonly messageText: string | { messageText: string; next?: [] };
    readonly code: number;
    /** 0 warning, 1 error, 2 suggestion, 3 message */
    readonly category: number;
  }
  export class TypeScriptWorker {
    constructor(context: { getMirrorModels(): TypeScriptModel[] }, data: { compilerOptions: unknown; extraLibs: Record<string, { content: string; version: number }> });
    getSyntacticDiagnostics(file: string): Promise<Diagnostic[]>;
    getSemanticDiagnostics(file: string): Promise<Diagnostic[]>;
    getEmitOutput(file: string): Promise<{ outputFiles: { name: string; text: string }[]; emitSkipped: boolean }>;
  }
}
declare module 'monaco-editor/languages/features/typescript/ts.worker';
declare module 'monaco-editor/editor/editor.worker';
declare module 'monaco-editor/features/register.all';
declare module 'monaco-editor/languages/definitions/typescript/register';
declare module 'monaco-editor/languages/definitions/typescript/typescript' {
  export const language: unknown;
  export const conf: unknown;
}
