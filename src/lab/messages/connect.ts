// What the page about real clients says.
import type { Language } from '../../app/preferences.ts';

interface ConnectWords {
  readonly title: string;
  readonly lead: string;
  readonly start: { readonly title: string; readonly text: string; readonly prints: string; readonly speed: string };
  readonly run: {
    readonly title: string;
    readonly text: string;
    readonly label: string;
    readonly placeholder: string;
    readonly show: string;
    readonly holds: (title: string) => string;
    readonly file: string;
    readonly save: (name: string) => string;
    readonly own: string;
  };
  readonly clients: { readonly title: string; readonly text: string; readonly label: string };
  readonly faults: { readonly title: string; readonly text: string };
  readonly same: { readonly title: string; readonly items: readonly string[] };
  readonly copy: string;
  readonly copied: string;
  readonly link: string;
}

export const CONNECT_WORDS: Readonly<Record<Language, ConnectWords>> = {
  en: {
    title: 'Connect a real client',
    lead: 'The cluster you see here also runs behind TCP on your own machine, in real time. Any Kafka client can talk to it: the brokers answer in Kafka’s own protocol.',
    start: {
      title: 'Start the cluster',
      text: 'In the folder of the project, after `npm ci`:',
      prints: 'It prints one line per broker once they listen. They listen on this machine only; Ctrl+C ends them, and nothing is kept.',
      speed: 'With `--speed 10` ten virtual seconds pass in each real one: session time-outs and elections come sooner.',
    },
    run: {
      title: 'Or the cluster of a run',
      text: 'Paste the link of a run to get its cluster, with its seed and its faults.',
      label: 'Link of a run',
      placeholder: 'https://…/lab#run=…',
      show: 'Show the command',
      holds: (title) => `${title}: its cluster on ports`,
      file: 'This run is not one of the listed scenarios as they are. Save its document into the folder of the project first.',
      save: (name) => `Save ${name}`,
      own: 'The learner’s code of this run is not started there: run it yourself, with the brokers’ addresses in place of broker-1:9092.',
    },
    clients: { title: 'Point a client at it', text: 'One address is enough; the client learns the others from it.', label: 'Clients' },
    faults: {
      title: 'Break it while it runs',
      text: 'Type a line of the fault grammar into the terminal of the cluster. Without a time it strikes at once. While a broker is down its port refuses connections.',
    },
    same: {
      title: 'What differs from the runs in this page',
      items: [
        'Time follows the clock of your machine, so no run repeats another exactly.',
        'What clients send is kept until you end the cluster.',
        'TLS and SASL are not there; the fidelity page lists what is simplified.',
      ],
    },
    copy: 'Copy',
    copied: 'Copied',
    link: 'Connect a real client',
  },
  ko: {
    title: '실제 클라이언트 연결하기',
    lead: '여기서 보는 클러스터를 내 컴퓨터에서 TCP로 띄울 수 있습니다. 시간은 실제 시계를 따라 흐르고, 브로커는 Kafka 프로토콜로 응답하므로 어떤 Kafka 클라이언트든 연결됩니다.',
    start: {
      title: '클러스터 띄우기',
      text: '프로젝트 폴더에서 `npm ci` 명령을 마친 뒤 실행합니다.',
      prints: '브로커마다 준비되는 대로 한 줄씩 출력합니다. 이 컴퓨터에서만 접속할 수 있고, Ctrl+C로 끝내면 아무것도 남지 않습니다.',
      speed: '`--speed 10` 옵션을 붙이면 실제 1초에 가상 시간 10초가 흐릅니다. 세션 타임아웃과 리더 선출을 더 빨리 볼 수 있습니다.',
    },
    run: {
      title: '공유받은 실행의 클러스터',
      text: '실행 링크를 붙여 넣으면 같은 시드와 장애를 가진 클러스터를 띄우는 명령을 보여 줍니다.',
      label: '실행 링크',
      placeholder: 'https://…/lab#run=…',
      show: '명령 보기',
      holds: (title) => `‘${title}’의 클러스터를 포트에 띄우기`,
      file: '목록에 있는 시나리오와 다른 실행입니다. 먼저 시나리오 문서를 프로젝트 폴더에 저장하세요.',
      save: (name) => `${name} 저장`,
      own: '이 실행의 실습 코드는 함께 뜨지 않습니다. broker-1:9092 자리에 위 주소를 넣어 직접 실행하세요.',
    },
    clients: { title: '클라이언트 연결하기', text: '주소는 하나면 됩니다. 나머지 브로커의 주소는 클라이언트가 스스로 알아냅니다.', label: '클라이언트' },
    faults: {
      title: '실행 중에 고장 내기',
      text: '클러스터를 띄운 터미널에 장애 문법으로 한 줄을 입력하세요. 시각을 쓰지 않으면 곧바로 일어납니다. 브로커가 죽어 있는 동안 그 포트는 연결을 거부합니다.',
    },
    same: {
      title: '이 페이지의 실행과 다른 점',
      items: [
        '시간이 컴퓨터의 시계를 따르므로 똑같은 실행이 되풀이되지 않습니다.',
        '클라이언트가 보낸 레코드는 클러스터를 끝낼 때까지 보관합니다.',
        'TLS와 SASL은 없습니다. 단순하게 만든 점은 충실도 페이지에 적어 두었습니다.',
      ],
    },
    copy: '복사',
    copied: '복사됨',
    link: '실제 클라이언트 연결',
  },
};
