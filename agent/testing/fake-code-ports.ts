import type { CodeAnswer, CodePorts } from '../pairing/code-ports.ts';
import type { WifiNetwork } from '../wire/wifi-code.ts';

/** Notes what it is given, and answers as a test says. */
export class FakeCodePorts implements CodePorts {
  readonly networks: WifiNetwork[] = [];
  readonly documents: string[] = [];
  answer: CodeAnswer | Error = 'accepted';

  readonly wifi = {
    propose: (network: WifiNetwork) => {
      this.networks.push(network);
      return this.reply();
    },
  };

  readonly onDocument = (text: string): Promise<CodeAnswer> => {
    this.documents.push(text);
    return this.reply();
  };

  private async reply(): Promise<CodeAnswer> {
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }
}
