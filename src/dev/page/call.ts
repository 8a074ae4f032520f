import { voices } from '../../core/template.ts';
import type { ReceivedCall } from '../../local/phone.ts';
import { button, element } from './element.ts';
import { speak } from './speak.ts';
import { planSpeech } from './speech-plan.ts';
import { createTranscript } from './transcript.ts';
import { voiceLanguage } from './voice-language.ts';

/** How a call on the page ended. */
export type CallEnd = 'heard' | 'declined' | 'missed';

/** A call that rings, or is being listened to, over the handset's screen. */
export interface Call {
  readonly element: HTMLElement;
  readonly message: ReceivedCall;
  readonly isRinging: () => boolean;
  answer(): void;
  /** Declines what rings, and hangs up what speaks. */
  end(): void;
  /** Nobody has answered, unless somebody has. */
  miss(): void;
}

interface CallOptions {
  /** One that somebody listens to again. */
  readonly isAnswered: boolean;
  /** Before it is shown as answered. */
  readonly onAnswer: () => void;
  readonly onEnd: (how: CallEnd) => void;
}

/** Puts a call on the screen. */
export function createCall(message: ReceivedCall, { isAnswered, onAnswer, onEnd }: CallOptions): Call {
  const language = voiceLanguage(message.voiceId);
  const screen = element('div', { class: 'call', role: 'group', 'aria-label': `Call from ${message.from}` });
  let stop = () => {};
  let ringing = !isAnswered;

  const finish = (how: CallEnd) => {
    stop();
    onEnd(how);
  };

  function ring(): void {
    screen.dataset['state'] = 'ringing';
    screen.replaceChildren(
      element('p', { class: 'call-state' }, 'Incoming call'),
      element('div', { class: 'caller', 'aria-hidden': 'true' }, '☎'),
      element('p', { class: 'caller-name' }, message.from),
      element(
        'div',
        { class: 'call-buttons' },
        button('Decline', end, { class: 'decline', 'aria-keyshortcuts': 'Alt+X', title: 'Alt+X' }),
        button('Answer', answer, { class: 'answer', 'aria-keyshortcuts': 'Alt+A', title: 'Alt+A' }),
      ),
      element('p', { class: 'keys', 'aria-hidden': 'true' }, 'Alt+X declines, Alt+A answers'),
    );
  }

  function answer(): void {
    ringing = false;
    onAnswer();
    screen.dataset['state'] = 'speaking';
    const steps = planSpeech(message.script, language);
    const transcript = createTranscript(steps, language);
    const state = element('p', { class: 'call-state' }, 'On the line');
    const how = element('p', { class: 'how', role: 'status' }, 'The browser speaks.');
    const hangUp = button('Hang up', end, { class: 'decline', 'aria-keyshortcuts': 'Alt+X', title: 'Alt+X' });
    screen.replaceChildren(
      state,
      element('p', { class: 'caller-name' }, message.from),
      element('p', { class: 'dim' }, `${message.voiceId} speaks ${voices[message.voiceId]}`),
      element(
        'div',
        { class: 'transcript-box', tabindex: '0', role: 'region', 'aria-label': 'Transcript' },
        transcript.element,
      ),
      how,
      element('div', { class: 'call-buttons' }, hangUp),
    );
    hangUp.focus({ preventScroll: true });
    stop = speak(steps, language, {
      onWord: transcript.reveal,
      onSilent(why) {
        how.textContent = `Nothing is heard: ${why}. The words go by on a timer.`;
        how.classList.add('silent');
      },
      onEnd() {
        transcript.revealAll();
        state.textContent = 'All is said';
        screen.dataset['state'] = 'done';
      },
    });
  }

  function end(): void {
    finish(ringing ? 'declined' : 'heard');
  }

  if (isAnswered) queueMicrotask(answer);
  else ring();
  return {
    element: screen,
    message,
    isRinging: () => ringing,
    answer,
    end,
    miss() {
      if (ringing) finish('missed');
    },
  };
}
