// Runs in a page of Chromium as the global `call`: one end of a call that may use relays only.
/* global RTCPeerConnection, globalThis, performance, setInterval, setTimeout */
let peer, channel, received;
/** Errors while gathering candidates. They explain a failed call. */
const errors = [];

/** A call that works is connected within a second or two. */
const timeoutMs = 12_000;

function state() {
  return [peer.connectionState, peer.iceConnectionState, peer.iceGatheringState, ...errors].join(', ');
}

function withTimeout(what, promise) {
  const expired = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} did not happen within ${timeoutMs} ms: ${state()}`)), timeoutMs);
  });
  return Promise.race([promise, expired]);
}

function connect(iceServers) {
  peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  peer.addEventListener('icecandidateerror', ({ errorCode, errorText, url }) => {
    errors.push(`${errorCode} ${errorText} (${url})`);
  });
}

/** Sets `received` to the first message of the channel, and `channel` to the channel once it is open. */
function useChannel(opened) {
  received = new Promise((resolve) => opened.addEventListener('message', ({ data }) => resolve(data)));
  channel = new Promise((resolve) => {
    if (opened.readyState === 'open') resolve(opened);
    else opened.addEventListener('open', () => resolve(opened));
  });
}

/** Sets the local description and waits until it contains every relay candidate. */
async function describe() {
  const gathered = new Promise((resolve) => {
    peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve());
  });
  await peer.setLocalDescription();
  await withTimeout('gathering', gathered);
  if (!peer.localDescription.sdp.includes('typ relay')) throw new Error(`no relay candidate: ${errors.join(', ')}`);
  return peer.localDescription.toJSON();
}

/** Returns the local candidate of the pair in use. Statistics may show it only some time after the first message. */
async function candidateInUse() {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const stats = await peer.getStats();
    const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport') ?? {};
    const candidate = stats.get(stats.get(selectedCandidatePairId)?.localCandidateId);
    if (candidate !== undefined) return candidate;
    if (performance.now() >= deadline) throw new Error('no candidate pair is in use');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

globalThis.call = {
  offer(iceServers) {
    connect(iceServers);
    useChannel(peer.createDataChannel('call'));
    return describe();
  },

  async answer(iceServers, offer) {
    connect(iceServers);
    globalThis.call.offered = new Promise((resolve) => {
      peer.addEventListener('datachannel', (event) => resolve(useChannel(event.channel)));
    });
    await peer.setRemoteDescription(offer);
    return describe();
  },

  accept: (answer) => peer.setRemoteDescription(answer),

  /**
   * Sends the message repeatedly until the page is closed. Chromium 156 may lose a message that is sent at the moment a channel opens: under
   * load one in a hundred. The channel is then open, its statistics count nothing as sent, and there is no error.
   */
  async talk(message) {
    await withTimeout('the channel’s offer', globalThis.call.offered);
    const opened = await withTimeout('the channel’s opening', channel);
    opened.send(message);
    setInterval(() => opened.readyState === 'open' && opened.send(message), 200);
    const text = await withTimeout('a message', received);
    const { candidateType, relayProtocol } = await candidateInUse();
    return { received: text, candidateType, relayProtocol };
  },
};
