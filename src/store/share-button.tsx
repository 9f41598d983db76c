// Copies the link of what a session shows. Where the clipboard is not to be had, the address bar takes it; too large a run says so.
import { useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useLanguage, type Language } from '../app/preferences.ts';
import type { Session } from '../lab/session.ts';
import { shareRun } from './share.ts';

type Said = 'share' | 'copied' | 'inAddress' | 'tooLarge';

const WORDS: Readonly<Record<Language, Readonly<Record<Said, string>>>> = {
  ko: { share: '공유', copied: '링크 복사됨', inAddress: '주소창에 링크가 있습니다', tooLarge: '링크에 담기에는 너무 큽니다' },
  en: { share: 'Share', copied: 'Link copied', inAddress: 'The link is in the address bar', tooLarge: 'Too large for a link' },
};

export function ShareButton({ session }: { readonly session: Session }) {
  const words = WORDS[useLanguage()];
  const [said, setSaid] = useState<Said>('share');
  const say = (what: Said) => {
    setSaid(what);
    setTimeout(() => setSaid('share'), 3000);
  };
  const share = async () => {
    const { universe, hash, timeUs } = session.state();
    if (!universe) return;
    const link = await shareRun({ universe, hash, timeUs });
    if (!link) return say('tooLarge');
    try {
      await navigator.clipboard.writeText(link);
      say('copied');
    } catch {
      history.replaceState(history.state, '', link);
      say('inAddress');
    }
  };
  return (
    <button type="button" className="tool" onClick={() => void share()}>
      <Icon name="share" />
      <span aria-live="polite">{words[said]}</span>
    </button>
  );
}
