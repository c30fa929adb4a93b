// Stand-ins for the players of YouTube and Vimeo in their frames: they keep a clock instead of a film, and speak as the
// real ones do over postMessage.
import type { BrowserContext } from "@playwright/test";

/** What the tests' watch reports of a page with such a frame, to be announced. */
export const EMBED_REQUESTS = /^other host: https:\/\/(www\.youtube-nocookie\.com\/embed|player\.vimeo\.com\/video)\//;

/**
 * Answers the frames of both providers. Each keeps what was posted to it, parsed, in `window.__log`; the film lasts 24
 * seconds.
 */
export async function serveEmbeds(context: BrowserContext): Promise<void> {
  const serve = (frames: string, title: string, player: (roll: Roll) => void) =>
    context.route(frames, (route) =>
      route.fulfill({
        contentType: "text/html; charset=utf-8",
        body: `<!doctype html>
<html lang="en">
<title>${title}</title>
<style>body { margin: 0; min-height: 100vh; background: #234; color: #fff; font: 1rem sans-serif }</style>
<p>${title}</p>
<script>(${player})(${roll})</script>`,
      }),
    );
  await serve("https://www.youtube-nocookie.com/embed/**", "YouTube", youtube);
  await serve("https://player.vimeo.com/video/**", "Vimeo", vimeo);
}

interface Film {
  readonly duration: number;
  time: number;
  rate: number;
  /** In percent. */
  volume: number;
  muted: boolean;
  playing: boolean;
  /** Whether it ever played. */
  started: boolean;
}

type Roll = (start: number, autoplay: boolean, tick: (ended: boolean) => void) => Film;

// The functions below run in the frame: they may use nothing of this file.

/** A film that says four times a second that it plays, and that it ended. */
function roll(start: number, autoplay: boolean, tick: (ended: boolean) => void): Film {
  const film: Film = { duration: 24, time: start, rate: 1, volume: 100, muted: false, playing: autoplay, started: autoplay };
  let last = performance.now();
  let told = last;
  setInterval(() => {
    const now = performance.now();
    const passed = (now - last) / 1000;
    last = now;
    if (!film.playing) return;
    film.time = Math.min(film.time + passed * film.rate, film.duration);
    if (film.time >= film.duration) {
      film.playing = false;
      tick(true);
    } else if (now - told >= 250) {
      told = now;
      tick(false);
    }
  }, 50);
  return film;
}

function youtube(roll: Roll) {
  const log: unknown[] = [];
  Object.assign(window, { __log: log });
  const params = new URLSearchParams(location.search);
  if (params.get("enablejsapi") !== "1") return;

  const [ENDED, PLAYING, PAUSED, BUFFERING, CUED] = [0, 1, 2, 3, 5];
  const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
  const autoplay = params.get("autoplay") === "1";
  let state = autoplay ? PLAYING : CUED;
  let listener: unknown;
  let heard = false;
  const subscribed = new Set<unknown>();

  const post = (event: string, info: unknown) =>
    heard && parent.postMessage(JSON.stringify({ event, info, id: listener, channel: "widget" }), params.get("origin") ?? "*");
  const clock = () => ({
    currentTime: film.time,
    currentTimeLastUpdated_: Date.now() / 1000,
    progressState: { current: film.time, duration: film.duration, loaded: film.duration, seekableStart: 0, seekableEnd: film.duration },
  });
  /** What changed, and nothing else. */
  const deliver = (changed: object) => post("infoDelivery", changed);
  const become = (next: number) => {
    if (next === state) return;
    state = next;
    film.playing = state === PLAYING;
    film.started ||= film.playing;
    deliver({ playerState: state, ...clock() });
    if (subscribed.has("onStateChange")) post("onStateChange", state);
  };
  const film = roll(Number(params.get("start") ?? 0), autoplay, (ended) => (ended ? become(ENDED) : deliver(clock())));

  const functions: Record<string, (...args: any[]) => void> = {
    addEventListener: (name) => subscribed.add(name),
    playVideo() {
      if (state === ENDED) film.time = 0;
      if (state === PLAYING) return;
      become(BUFFERING);
      become(PLAYING);
    },
    pauseVideo() {
      if (film.started) become(PAUSED);
    },
    // What is paused stays so; from any other state it plays.
    seekTo(seconds: number) {
      const paused = state === PAUSED;
      film.time = Math.min(Math.max(seconds, 0), film.duration);
      become(BUFFERING);
      become(paused ? PAUSED : PLAYING);
    },
    // A speed that it does not have is rounded towards the normal one.
    setPlaybackRate(rate: number) {
      film.rate = (rate < 1 ? RATES.find((known) => known >= rate) : RATES.findLast((known) => known <= rate)) ?? 1;
      deliver({ playbackRate: film.rate });
    },
    setVolume(volume: number) {
      film.volume = Math.min(Math.max(volume, 0), 100);
      deliver({ volume: film.volume, muted: film.muted });
    },
    mute() {
      film.muted = true;
      deliver({ volume: film.volume, muted: true });
    },
    unMute() {
      film.muted = false;
      deliver({ volume: film.volume, muted: false });
    },
  };

  const hear = (event: MessageEvent) => {
    // Objects are not heard: its protocol is JSON text.
    if (event.source !== parent || typeof event.data !== "string") return;
    let message: { event?: string; id?: unknown; func?: string; args?: unknown[] };
    try {
      message = JSON.parse(event.data);
    } catch {
      return;
    }
    log.push(message);
    if (message.event === "listening") {
      [heard, listener] = [true, message.id];
      post("initialDelivery", {
        apiInterface: Object.keys(functions),
        availablePlaybackRates: RATES,
        videoData: { title: 'A "film" of {nothing}, \\ "playerState":0', author: "Nobody", video_id: location.pathname.slice(7) },
        duration: film.duration,
        playbackRate: film.rate,
        volume: film.volume,
        muted: film.muted,
        playerState: state,
        ...clock(),
      });
      post("onReady", null);
    } else if (message.event === "command" && heard) {
      functions[message.func ?? ""]?.(...(message.args ?? []));
    }
  };
  // The real one is deaf while it loads.
  setTimeout(() => addEventListener("message", hear), 300);
}

function vimeo(roll: Roll) {
  const log: unknown[] = [];
  Object.assign(window, { __log: log });
  const params = new URLSearchParams(location.search);
  const subscribed = new Set<unknown>();

  // Vimeo's own script takes JSON text as well as objects, so a page has to: here events are objects, the rest is text.
  const answer = (message: object) => parent.postMessage(JSON.stringify(message), "*");
  const tell = (event: string, data?: object) => subscribed.has(event) && parent.postMessage({ event, data }, "*");
  const clock = () => ({ seconds: film.time, percent: film.time / film.duration, duration: film.duration });
  const sound = () => ({ volume: film.volume / 100, muted: film.muted });
  const start = Number(/^#t=(\d+)s?$/.exec(location.hash)?.[1] ?? 0);
  const film = roll(start, params.get("autoplay") === "1", (ended) => {
    tell("timeupdate", clock());
    if (ended) tell("ended", clock());
  });
  const play = () => {
    if (film.playing) return;
    if (film.time >= film.duration) film.time = 0;
    film.playing = film.started = true;
    tell("play", clock());
    tell("playing", clock());
  };
  const within = (value: number, most: number) => {
    if (!(value >= 0 && value <= most)) throw Object.assign(new Error(`${value} is not from 0 to ${most}`), { name: "RangeError" });
  };

  /** By name; what each gives is the answer's value. */
  const methods: Record<string, (value?: any) => unknown> = {
    ping: () => undefined,
    addEventListener: (name) => void subscribed.add(name),
    removeEventListener: (name) => void subscribed.delete(name),
    play,
    pause() {
      if (!film.playing) return;
      film.playing = false;
      tell("pause", clock());
    },
    // Before it ever played, this starts it.
    setCurrentTime(seconds: number) {
      within(seconds, film.duration);
      film.time = seconds;
      for (const event of ["seeking", "timeupdate", "seeked", "timeupdate"]) tell(event, clock());
      if (!film.started) play();
      return seconds;
    },
    setPlaybackRate(rate: number) {
      if (params.get("speed") !== "1") throw new Error("Setting the playback rate is not enabled for this video.");
      within(rate, 2);
      film.rate = rate;
      tell("playbackratechange", { playbackRate: rate });
      return rate;
    },
    setVolume(volume: number) {
      within(volume, 1);
      [film.volume, film.muted] = [volume * 100, false];
      tell("volumechange", sound());
      return volume;
    },
    setMuted(muted: boolean) {
      film.muted = muted;
      tell("volumechange", sound());
      return muted;
    },
    getCurrentTime: () => film.time,
    getDuration: () => film.duration,
    getEnded: () => film.time >= film.duration,
    getMuted: () => film.muted,
    getPaused: () => !film.playing,
    getPlaybackRate: () => film.rate,
    getVolume: () => film.volume / 100,
  };

  const hear = (event: MessageEvent) => {
    if (event.source !== parent) return;
    let message: { method?: string; value?: unknown } | null;
    try {
      message = typeof event.data === "string" ? JSON.parse(event.data) : event.data;
    } catch {
      return;
    }
    log.push(message);
    const method = methods[message?.method ?? ""];
    if (!message || !method) return;
    try {
      answer({ method: message.method, value: method(message.value) });
    } catch (error) {
      const { name, message: words } = error as Error;
      answer({ event: "error", data: { method: message.method, name, message: words } });
    }
  };
  // The real one is deaf while it loads, and says unasked when it no longer is.
  setTimeout(() => {
    addEventListener("message", hear);
    answer({ event: "ready" });
  }, 300);
}
