// The transport of a lesson, over the whole width.
import { Transport } from '../lab/transport/transport.tsx';
import { useRoom } from './room.tsx';
import { useWide } from './use-wide.ts';

export function TransportPane() {
  const { session } = useRoom();
  return (
    <footer className="transport-pane">
      <Transport session={session} labelWidth={useWide() ? 132 : 0} rows={2} />
    </footer>
  );
}
