// Colouring of code that is only shown: enough of TypeScript and Java to tell words, texts and comments apart.

export interface Token {
  readonly kind: 'word' | 'text' | 'comment' | 'mark' | 'plain';
  readonly text: string;
}

const WORDS =
  'abstract|as|async|await|boolean|break|case|catch|class|const|continue|default|do|else|enum|export|extends|false|final|finally|for|from|function|if|implements|import|in|int|interface|let|new|null|of|package|private|protected|public|readonly|return|static|switch|this|throw|throws|true|try|type|undefined|var|void|while|yield';
const PATTERN = new RegExp(String.raw`(\/\/.*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\x60(?:[^\x60\\]|\\.)*\x60)|\b(${WORDS})\b|([{}()[\],:;.=<>+*/&|!?-]+)`, 'g');

export function highlight(line: string): Token[] {
  const out: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(PATTERN)) {
    if (match.index > at) out.push({ kind: 'plain', text: line.slice(at, match.index) });
    out.push({ kind: match[1] ? 'comment' : match[2] ? 'text' : match[3] ? 'word' : 'mark', text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) out.push({ kind: 'plain', text: line.slice(at) });
  return out;
}
