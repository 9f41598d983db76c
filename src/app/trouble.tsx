// Where an address leads nowhere, and where a page of ours has failed.
import { Link, useLocation, useRouteError } from 'react-router';
import { useMessages } from './messages/use-messages.ts';
import { PlainPage } from './plain-page.tsx';

/** For an address that no page has. */
export function NotFound() {
  const m = useMessages().notFound;
  const { pathname } = useLocation();
  return (
    <PlainPage title={m.title} lead={m.text}>
      <p className="plain-address mono">{pathname}</p>
      <p className="plain-actions">
        <Link className="button primary" to="/">
          {m.home}
        </Link>
        <Link className="button secondary" to="/lab">
          {m.lab}
        </Link>
      </p>
    </PlainPage>
  );
}

/** For an error of our own: what a page threw, or that its code could not be loaded. */
export function Trouble() {
  const m = useMessages().crash;
  const error = useRouteError();
  return (
    <PlainPage title={m.title} lead={m.text}>
      <p className="plain-actions">
        <button type="button" className="button primary" onClick={() => location.reload()}>
          {m.reload}
        </button>
      </p>
      <pre className="plain-error">{error instanceof Error ? (error.stack ?? error.message) : String(error)}</pre>
    </PlainPage>
  );
}
