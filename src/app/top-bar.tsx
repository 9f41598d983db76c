// The bar above every page: the mark, where you are, what you can do here, language and theme.
import type { ReactNode } from 'react';
import { Link, NavLink } from 'react-router';
import { Icon, Mark } from './icons.tsx';
import { showKeys } from './keys-dialog.tsx';
import { useMessages } from './messages/use-messages.ts';
import { setPreferences, useLanguage, useShownTheme } from './preferences.ts';

export interface TopBarProps {
  /** Where you are: `<Crumbs>` or the main navigation. */
  readonly children?: ReactNode;
  /** Tools of this page. */
  readonly tools?: ReactNode;
  /** On the paper of the page instead of the chrome of an instrument. */
  readonly plain?: boolean;
}

export function TopBar({ children, tools, plain }: TopBarProps) {
  const m = useMessages();
  const language = useLanguage();
  const dark = useShownTheme() === 'dark';
  const other = language === 'ko' ? 'en' : 'ko';
  return (
    <header className={plain ? 'top top-plain' : 'top'}>
      <a className="skip" href="#content">
        {m.skip}
      </a>
      <Link className="brand" to="/" aria-label={m.nav.home}>
        <Mark />
        <span>Millrace</span>
      </Link>
      {children}
      <span className="spring" />
      {tools}
      <button type="button" className="tool wide-only" aria-label={m.keys.title} onClick={() => showKeys()}>
        <kbd>?</kbd>
      </button>
      <button type="button" className="tool" lang={other} onClick={() => setPreferences({ language: other })}>
        {m.other}
      </button>
      <button type="button" className="tool" aria-label={dark ? m.theme.toLight : m.theme.toDark} onClick={() => setPreferences({ theme: dark ? 'light' : 'dark' })}>
        <Icon name={dark ? 'sun' : 'moon'} />
      </button>
    </header>
  );
}

/** Course, lab, fidelity. */
export function MainNav() {
  const m = useMessages();
  return (
    <nav className="main-nav" aria-label={m.nav.label}>
      <NavLink to="/" end>
        {m.nav.course}
      </NavLink>
      <NavLink to="/lab">{m.nav.lab}</NavLink>
      <NavLink to="/fidelity">{m.nav.fidelity}</NavLink>
    </nav>
  );
}

/** `Lab / A leader dies under load`: the last one is here. */
export function Crumbs({ items }: { items: readonly { readonly title: ReactNode; readonly to?: string }[] }) {
  const m = useMessages();
  return (
    <nav className="crumbs" aria-label={m.nav.here}>
      <ol>
        {items.map((item, i) => (
          <li key={i} aria-current={i === items.length - 1 ? 'page' : undefined}>
            {item.to ? <Link to={item.to}>{item.title}</Link> : <span>{item.title}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
