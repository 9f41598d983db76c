// What every page shares: palette, keys, notices of the service worker.
import { Suspense, useCallback, useEffect, useState } from 'react';
import { Outlet, ScrollRestoration, useNavigate } from 'react-router';
import type { Command } from './commands.ts';
import { useCommands } from './commands.ts';
import { KeysDialog, showKeys } from './keys-dialog.tsx';
import { useMessages } from './messages/use-messages.ts';
import { onAppUpdate } from './offline.ts';
import { Palette } from './palette.tsx';
import { PlainFrame } from './plain-page.tsx';
import { setPreferences, useLanguage, usePreferences } from './preferences.ts';

export function Shell() {
  useShellCommands();
  return (
    <>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
      <Palette />
      <KeysDialog />
      <UpdateNotice />
      <ScrollRestoration />
    </>
  );
}

export function Loading() {
  const m = useMessages();
  return (
    <PlainFrame>
      <main id="content" className="wrap plain" aria-busy="true">
        <p className="quiet" role="status">
          {m.loading}
        </p>
      </main>
    </PlainFrame>
  );
}

function UpdateNotice() {
  const m = useMessages();
  const [apply, setApply] = useState<(() => void) | null>(null);
  useEffect(() => onAppUpdate((update) => setApply(() => update)), []);
  if (!apply) return null;
  return (
    <div className="update-notice" role="status">
      <span>{m.update.text}</span>
      <button type="button" className="link" onClick={apply}>
        {m.update.action}
      </button>
    </div>
  );
}

function useShellCommands(): void {
  const navigate = useNavigate();
  const m = useMessages();
  const language = useLanguage();
  const { singleKeys } = usePreferences();
  const source = useCallback((): Command[] => {
    const c = m.commands;
    return [
      { id: 'go-course', title: c.goCourse, run: () => void navigate('/') },
      { id: 'go-lab', title: c.goLab, run: () => void navigate('/lab') },
      { id: 'go-fidelity', title: c.goFidelity, run: () => void navigate('/fidelity') },
      { id: 'go-connect', title: c.goConnect, run: () => void navigate('/connect') },
      { id: 'language', title: c.language, run: () => setPreferences({ language: language === 'ko' ? 'en' : 'ko' }) },
      { id: 'theme-light', title: c.themeLight, icon: 'sun', run: () => setPreferences({ theme: 'light' }) },
      { id: 'theme-dark', title: c.themeDark, icon: 'moon', run: () => setPreferences({ theme: 'dark' }) },
      { id: 'theme-system', title: c.themeSystem, run: () => setPreferences({ theme: 'system' }) },
      { id: 'keys', title: c.keys, icon: 'key', hint: '?', run: () => showKeys() },
      { id: 'single-keys', title: singleKeys ? c.singleKeysOff : c.singleKeysOn, run: () => setPreferences({ singleKeys: !singleKeys }) },
    ];
  }, [m, language, singleKeys, navigate]);
  useCommands(source);
}
