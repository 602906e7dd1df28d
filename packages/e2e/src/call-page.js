// Runs inside a page of Chromium, as `call`: one end of a call that may use relays only.
/* global RTCPeerConnection, globalThis, performance, setInterval, setTimeout */
let peer, channel, received;
/** What gathering candidates met with; says why a call does not come about. */
const errors = [];

/** A call stands within a second or two, or not at all. */
const patienceMs = 12_000;

function state() {
  return [peer.connectionState, peer.iceConnectionState, peer.iceGatheringState, ...errors].join(', ');
}

function inTime(what, promise) {
  const enough = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} did not happen in ${patienceMs} ms: ${state()}`)), patienceMs);
  });
  return Promise.race([promise, enough]);
}

function connect(iceServers) {
  peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  peer.addEventListener('icecandidateerror', ({ errorCode, errorText, url }) => {
    errors.push(`${errorCode} ${errorText} (${url})`);
  });
}

/** One message that comes over the channel, and the channel once it is open. */
function useChannel(opened) {
  received = new Promise((resolve) => opened.addEventListener('message', ({ data }) => resolve(data)));
  channel = new Promise((resolve) => {
    if (opened.readyState === 'open') resolve(opened);
    else opened.addEventListener('open', () => resolve(opened));
  });
}

/** Sets the local description and waits until it names every relay candidate. */
async function describe() {
  const gathered = new Promise((resolve) => {
    peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve());
  });
  await peer.setLocalDescription();
  await inTime('gathering', gathered);
  if (!peer.localDescription.sdp.includes('typ relay')) throw new Error(`no relay candidate: ${errors.join(', ')}`);
  return peer.localDescription.toJSON();
}

/** The local candidate of the pair in use. Statistics may name it only some time after the first message. */
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
   * Says the message until the page is closed, as Chromium 156 may lose what is sent in the instant in which a channel opens: under load, one
   * of a hundred, with the channel open, nothing counted as sent, and no error.
   */
  async talk(message) {
    await inTime('the channel’s offer', globalThis.call.offered);
    const opened = await inTime('the channel’s opening', channel);
    opened.send(message);
    setInterval(() => opened.readyState === 'open' && opened.send(message), 200);
    const text = await inTime('a message', received);
    const { candidateType, relayProtocol } = await candidateInUse();
    return { received: text, candidateType, relayProtocol };
  },
};
