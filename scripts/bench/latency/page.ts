/** Entry of the page in both browsers: the bench calls these from outside. */
import { PupilPage } from './pupil-page.ts';
import { SenderPage } from './sender-page.ts';

declare global {
  interface Window {
    PupilPage: typeof PupilPage;
    SenderPage: typeof SenderPage;
    pupil: PupilPage;
    sender: SenderPage;
  }
}

window.PupilPage = PupilPage;
window.SenderPage = SenderPage;
