// What a run that came in by a link says before and after it is computed.
import type { Language } from '../../app/preferences.ts';

interface LinkWords {
  readonly reading: string;
  readonly eye: string;
  readonly unreadable: string;
  readonly unknownScenario: (id: string) => string;
  readonly toLab: string;
  readonly seed: string;
  readonly length: string;
  readonly seconds: (n: number) => string;
  readonly faults: string;
  readonly none: string;
  readonly engine: string;
  readonly sameEngine: (version: string) => string;
  readonly otherEngine: (theirs: string, ours: string) => string;
  readonly hash: string;
  readonly code: (n: number) => string;
  readonly codeWarning: string;
  readonly run: string;
  readonly same: string;
  readonly differs: string;
  readonly differsByEngine: (theirs: string, ours: string) => string;
}

export const LINK_WORDS: Readonly<Record<Language, LinkWords>> = {
  en: {
    reading: 'Reading the link …',
    eye: 'A shared run. Nothing has run yet.',
    unreadable: 'This link cannot be opened',
    unknownScenario: (id) => `The link names the scenario ${id}, which this version does not have. Ask for a link that holds the whole run.`,
    toLab: 'Open the lab',
    seed: 'Seed',
    length: 'Length',
    seconds: (n) => `${n} s of virtual time`,
    faults: 'Faults',
    none: 'none',
    engine: 'Engine',
    sameEngine: (version) => `${version}, the same as here`,
    otherEngine: (theirs, ours) => `made with ${theirs}, here it is ${ours}: the run may come out differently`,
    hash: 'Run hash',
    code: (n) => (n === 1 ? 'One file of code' : `${n} files of code`),
    codeWarning: 'Someone else wrote this code. It runs in a sandbox that reaches neither this page, nor your files, nor the network.',
    run: 'Run',
    same: 'The run came out exactly as in the link: the hashes are equal.',
    differs: 'The run came out differently from the link, although the engine is the same. The link may have been changed by hand.',
    differsByEngine: (theirs, ours) => `The run came out differently from the link. It was made with engine ${theirs}, and this is ${ours}.`,
  },
  ko: {
    reading: '링크를 읽고 있습니다 …',
    eye: '공유된 실행입니다. 아직 아무것도 실행하지 않았습니다.',
    unreadable: '이 링크를 열 수 없습니다',
    unknownScenario: (id) => `링크가 가리키는 ${id} 시나리오가 이 버전에는 없습니다. 실행 전체가 담긴 링크를 받으세요.`,
    toLab: '실험실 열기',
    seed: '시드',
    length: '길이',
    seconds: (n) => `가상 시간 ${n}초`,
    faults: '장애',
    none: '없음',
    engine: '엔진',
    sameEngine: (version) => `${version}, 여기와 같음`,
    otherEngine: (theirs, ours) => `${theirs}에서 만든 링크이고 여기는 ${ours}입니다. 결과가 다를 수 있습니다`,
    hash: '실행 해시',
    code: (n) => `코드 파일 ${n}개`,
    codeWarning: '다른 사람이 쓴 코드입니다. 이 페이지와 파일, 네트워크에 닿지 못하는 샌드박스에서만 실행합니다.',
    run: '실행',
    same: '링크에 담긴 것과 똑같이 실행되었습니다. 실행 해시가 같습니다.',
    differs: '엔진은 같은데 링크에 담긴 것과 다르게 실행되었습니다. 누군가 링크를 고쳤을 수 있습니다.',
    differsByEngine: (theirs, ours) => `링크에 담긴 것과 다르게 실행되었습니다. 링크는 엔진 ${theirs}에서 만들었고 여기는 ${ours}입니다.`,
  },
};
