// Runs inside a page of Chromium, as `call`: one end of a call that may use relays only.
/* global RTCPeerConnection, globalThis */
let peer, channel, received;

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
  await gathered;
  return peer.localDescription.toJSON();
}

globalThis.call = {
  offer(iceServers) {
    peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
    useChannel(peer.createDataChannel('call'));
    return describe();
  },

  async answer(iceServers, offer) {
    peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
    globalThis.call.offered = new Promise((resolve) => {
      peer.addEventListener('datachannel', (event) => resolve(useChannel(event.channel)));
    });
    await peer.setRemoteDescription(offer);
    return describe();
  },

  accept: (answer) => peer.setRemoteDescription(answer),

  async talk(message) {
    await globalThis.call.offered;
    (await channel).send(message);
    const text = await received;
    const stats = [...(await peer.getStats()).values()];
    const pair = stats.find(
      ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
    );
    const { candidateType, relayProtocol } = stats.find(({ id }) => id === pair?.localCandidateId) ?? {};
    return { received: text, candidateType, relayProtocol };
  },
};
