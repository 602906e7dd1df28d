/**
 * Erlang code for `erl -eval`: a TURN server built on the library that eturnal uses. It checks TURN REST credentials as eturnal does by default
 * (`strict_expiry: false`): a user whose credential has expired gets no new allocation, but keeps an existing one. The program prints
 * `listening` when both listeners are open. Its settings are environment variables: ADDRESS (IPv4), PORT, REALM, MIN_PORT, MAX_PORT, and
 * SECRETS, separated by commas.
 */
export const erlangTurnProgram = String.raw`
{ok, _} = application:ensure_all_started(stun),
{ok, Address} = inet:parse_address(os:getenv("ADDRESS")),
Port = list_to_integer(os:getenv("PORT")),
Secrets = string:lexemes(os:getenv("SECRETS"), ","),
Passwords = fun(User) -> [base64:encode(crypto:mac(hmac, sha, Secret, User)) || Secret <- Secrets] end,
PasswordsOf = fun(User, _Realm) ->
  case string:to_integer(User) of
    {Expiry, <<":", _/binary>>} ->
      case erlang:system_time(second) < Expiry of
        true -> Passwords(User);
        false -> {expired, Passwords(User)}
      end;
    _ -> <<>>
  end
end,
Options = [
  {use_turn, true},
  {turn_ipv4_address, Address},
  {turn_min_port, list_to_integer(os:getenv("MIN_PORT"))},
  {turn_max_port, list_to_integer(os:getenv("MAX_PORT"))},
  {turn_blacklist, []},
  {auth_type, user},
  {auth_realm, list_to_binary(os:getenv("REALM"))},
  {auth_fun, PasswordsOf}
],
[ok = stun_listener:add_listener(Address, Port, Transport, Options) || Transport <- [udp, tcp]],
io:put_chars("listening\n").
`;
