// What is wrong with a line of the fault grammar, as the programs of the command line say it.
import type { FaultError } from '../simulations/faults/grammar.ts';

export function faultSentence(line: string, { code, part, hint }: FaultError): string {
  return `The fault ${JSON.stringify(line)} cannot be read: ${code}${part ? ` at ${JSON.stringify(part)}` : ''}. Write for example: ${hint}.`;
}
