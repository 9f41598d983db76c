// What storage and links say when something is wrong: what happened, why, what to do next.
import type { Language } from '../app/preferences.ts';
import type { StoreProblem } from './documents.ts';
import { LIMITS, type LinkError } from './link-limits.ts';

export function tellLinkError(error: LinkError, language: Language): string {
  const said = LINK[language];
  switch (error.kind) {
    case 'notALink':
      return said.notALink;
    case 'newerFormat':
      return said.newerFormat(error.format);
    case 'fragmentTooLong':
      return said.fragmentTooLong(count(error.chars), count(LIMITS.fragmentChars));
    case 'inflatedTooLarge':
      return said.inflatedTooLarge(count(LIMITS.inflatedBytes));
    case 'tooManyFiles':
      return said.tooManyFiles(error.files, LIMITS.files);
    case 'tooManyFaults':
      return said.tooManyFaults(count(error.faults), LIMITS.faults);
    case 'damaged':
      return said.damaged[error.part];
    case 'badPart':
      return said.badPart(error.part);
    case 'badFault':
      return said.badFault(error.line, error.why);
    case 'badScenario': {
      const first = error.problems[0]!;
      return said.badScenario(first.path, first.rule, first.got, error.problems.length);
    }
  }
}

export function tellStoreProblem(problem: StoreProblem, language: Language): string {
  const said = STORE[language];
  const what = said.names(problem.name);
  switch (problem.kind) {
    case 'corrupt':
      return said.corrupt(what);
    case 'newer':
      return said.newer(what);
    case 'full':
      return said.full(what);
    case 'unavailable':
      return said.unavailable(what);
  }
}

export const STORE_BUTTONS = {
  ko: { notice: '저장 알림', save: '파일로 내보내기', discard: '지우기', dismiss: '닫기' },
  en: { notice: 'Storage notice', save: 'Export to file', discard: 'Delete', dismiss: 'Dismiss' },
} as const;

interface LinkTexts {
  notALink: string;
  newerFormat: (format: number) => string;
  fragmentTooLong: (got: string, limit: string) => string;
  inflatedTooLarge: (limit: string) => string;
  tooManyFiles: (got: number, limit: number) => string;
  tooManyFaults: (got: string, limit: number) => string;
  damaged: Record<'letters' | 'compression' | 'document', string>;
  badPart: (part: string) => string;
  badFault: (line: string, why: string) => string;
  badScenario: (path: string, rule: string, got: string, problems: number) => string;
}

const LINK: Readonly<Record<Language, LinkTexts>> = {
  ko: {
    notALink: '이 주소에는 실행이 들어 있지 않습니다. 공유 링크 전체를 다시 복사하세요.',
    newerFormat: (format) => `이 링크는 더 새로운 Millrace가 만들었습니다(링크 형식 ${format}). 페이지를 새로 고쳐 최신 버전으로 여세요.`,
    fragmentTooLong: (got, limit) => `링크를 열 수 없습니다. # 뒤가 ${got}자인데 ${limit}자까지만 읽습니다. 파일이나 장애를 줄여 다시 공유하세요.`,
    inflatedTooLarge: (limit) => `링크를 열 수 없습니다. 압축을 풀면 ${limit}바이트를 넘어서 도중에 멈췄습니다. 파일을 줄여 다시 공유하세요.`,
    tooManyFiles: (got, limit) => `링크를 열 수 없습니다. 파일이 ${got}개인데 ${limit}개까지만 담을 수 있습니다. 파일을 합쳐 다시 공유하세요.`,
    tooManyFaults: (got, limit) => `링크를 열 수 없습니다. 장애가 ${got}개인데 ${limit}개까지만 담을 수 있습니다. 장애를 줄여 다시 공유하세요.`,
    damaged: {
      letters: '링크가 손상되었습니다. 링크에 쓰지 않는 글자가 섞여 있습니다. 링크 전체를 다시 복사하세요.',
      compression: '링크가 손상되었습니다. 압축된 내용이 중간에 끊겼거나 바뀌었습니다. 링크 전체를 다시 복사하세요.',
      document: '링크가 손상되었습니다. 압축은 풀렸지만 안에 실행을 적은 문서가 없습니다. 링크 전체를 다시 복사하세요.',
    },
    badPart: (part) => `링크의 일부를 읽을 수 없습니다. \`${part}\` 항목이 없거나 형식이 다릅니다. 링크를 다시 만드세요.`,
    badFault: (line, why) => `링크의 장애 한 줄을 읽을 수 없습니다. \`${line}\`: ${why} 그 줄을 고쳐 링크를 다시 만드세요.`,
    badScenario: (path, rule, got, problems) =>
      `링크의 시나리오를 읽을 수 없습니다. \`${path}\` 항목은 ${rule}이어야 하는데 ${got}입니다${problems > 1 ? ` (모두 ${problems}곳)` : ''}. 시나리오를 고쳐 링크를 다시 만드세요.`,
  },
  en: {
    notALink: 'This address holds no run. Copy the whole share link again.',
    newerFormat: (format) => `This link was made by a newer Millrace (link format ${format}). Reload the page to get the latest version.`,
    fragmentTooLong: (got, limit) => `Cannot open the link. It has ${got} characters after #, and ${limit} is the limit. Share again with fewer files or faults.`,
    inflatedTooLarge: (limit) => `Cannot open the link. Unpacked it would be larger than ${limit} bytes, so unpacking was stopped. Share again with smaller files.`,
    tooManyFiles: (got, limit) => `Cannot open the link. It holds ${got} files, and ${limit} is the limit. Share again with fewer files.`,
    tooManyFaults: (got, limit) => `Cannot open the link. It holds ${got} faults, and ${limit} is the limit. Share again with fewer faults.`,
    damaged: {
      letters: 'The link is damaged. It contains letters that links do not use. Copy the whole link again.',
      compression: 'The link is damaged. Its compressed content was cut off or changed. Copy the whole link again.',
      document: 'The link is damaged. It could be unpacked, but there is no run in it. Copy the whole link again.',
    },
    badPart: (part) => `Part of the link cannot be read. \`${part}\` is missing or has another form. Make the link again.`,
    badFault: (line, why) => `One fault of the link cannot be read. \`${line}\`: ${why} Correct the line and make the link again.`,
    badScenario: (path, rule, got, problems) =>
      `The link’s scenario cannot be read. \`${path}\` must be ${rule} and is ${got}${problems > 1 ? ` (${problems} problems in all)` : ''}. Correct the scenario and make the link again.`,
  },
};

interface StoreTexts {
  names: (document: string) => string;
  corrupt: (what: string) => string;
  newer: (what: string) => string;
  full: (what: string) => string;
  unavailable: (what: string) => string;
}

const STORE: Readonly<Record<Language, StoreTexts>> = {
  ko: {
    names: (document) =>
      document === 'progress' ? '진도' : document.startsWith('draft.') ? `레슨 ${document.slice(6)}의 코드` : document.startsWith('lab.') ? `${document.slice(4)} 시나리오의 장애 스케줄` : '설정',
    corrupt: (what) => `저장해 둔 내용(${what})을 읽을 수 없어 따로 옮기고 처음부터 시작했습니다. 필요하면 파일로 내보내세요.`,
    newer: (what) => `저장해 둔 내용(${what})은 더 새로운 Millrace가 남긴 것이라 건드리지 않았습니다. 지금 바뀌는 것은 저장되지 않습니다. 페이지를 새로 고치세요.`,
    full: (what) => `브라우저의 저장 공간이 가득 차서 변경 내용(${what})을 저장하지 못했습니다. 이 페이지를 닫으면 사라집니다. 다른 사이트의 데이터를 지워 공간을 만드세요.`,
    unavailable: (what) => `브라우저가 저장을 막고 있어 변경 내용(${what})을 저장하지 못했습니다. 이 페이지를 닫으면 사라집니다. 이 사이트의 저장을 허용하세요.`,
  },
  en: {
    names: (document) =>
      document === 'progress'
        ? 'your progress'
        : document.startsWith('draft.')
          ? `your code of lesson ${document.slice(6)}`
          : document.startsWith('lab.')
            ? `your faults of the scenario ${document.slice(4)}`
            : 'your settings',
    corrupt: (what) => `What was saved (${what}) cannot be read. It was set aside and you start afresh. Export it to a file if you need it.`,
    newer: (what) => `What was saved (${what}) was written by a newer Millrace and is left as it is. What you change now is not saved. Reload the page.`,
    full: (what) => `The browser’s storage is full, so your changes (${what}) are not saved and go when you close this page. Delete data of other sites to make room.`,
    unavailable: (what) => `The browser blocks storage, so your changes (${what}) are not saved and go when you close this page. Allow this site to store data.`,
  },
};

function count(n: number): string {
  return n.toLocaleString('en-US');
}
