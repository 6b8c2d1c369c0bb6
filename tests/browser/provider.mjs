// A real OpenID Connect provider (npm oidc-provider), set up as the national login works: RS512 id tokens, private_key_jwt
// and PKCE only, `vtr` asked for and `vot` answered. Whoever wants to sign in chooses a person from a plain list.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider, { interactionPolicy } from "oidc-provider";

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = (key, id) => ({ ...key.export({ format: "jwk" }), kid: id, alg: "RS512", use: "sig" });

function askedEachTime() {
  const policy = interactionPolicy.base();
  const unanswered = (context) => !context.oidc.result?.login;
  policy.get("login").checks.add(new interactionPolicy.Check("each_time", "asked each time", unanswered));
  return policy;
}

// `people` is { name: { vot, nhs_number?, birthdate? } }; `asked` collects the parameters of each authorization request.
export async function openProvider(port, people) {
  const [ours, client] = [rsa(), rsa()];
  const asked = [];
  const issuer = `http://127.0.0.1:${port}`;
  const registration = {
    client_id: "bevan",
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "RS512",
    id_token_signed_response_alg: "RS512",
    grant_types: ["authorization_code"],
    response_types: ["code"],
    redirect_uris: [],
    jwks: { keys: [jwk(client.publicKey, "bevan-1")] },
  };
  const configuration = {
    clients: [registration],
    jwks: { keys: [jwk(ours.privateKey, "national-1")] },
    enabledJWA: { idTokenSigningAlgValues: ["RS512"], clientAuthSigningAlgValues: ["RS512"] },
    clientAuthMethods: ["private_key_jwt"],
    scopes: ["openid", "profile"],
    claims: { openid: ["sub", "vot", "vtm"], profile: ["nhs_number", "birthdate", "identity_proofing_level"] },
    conformIdTokenClaims: false,
    extraParams: ["vtr"],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    // Whoever comes is asked each time: the service's own sessions are not what is tested here.
    interactions: { policy: askedEachTime(), url: (_context, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["a test of one minute"], short: { path: "/" } },
    findAccount: (_context, id) => people[id] && { accountId: id, claims: () => ({ sub: id, vtm: `${issuer}/trustmark`, ...people[id] }) },
    // Everybody agrees: consent is not what is tested here.
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 60, AuthorizationCode: 60, IdToken: 300 },
  };
  const configure = (redirect) => { registration.redirect_uris = [redirect]; };
  let provider;
  const server = createServer(async (request, response) => {
    const path = /^\/interaction\/([^/]+)(?:\/as\/([^/]+))?$/.exec(request.url);
    if (!path) return provider.callback()(request, response);
    if (path[2]) return provider.interactionFinished(request, response, { login: { accountId: decodeURIComponent(path[2]) } });
    const { params } = await provider.interactionDetails(request, response);
    asked.push(params);
    response.setHeader("content-type", "text/html; charset=utf-8");
    const rows = Object.keys(people).map((name) => `<li><a href="${request.url}/as/${encodeURIComponent(name)}">${name}</a></li>`);
    return response.end(`<!doctype html><html lang="en"><title>Login service</title><h1>Who are you?</h1><ul>${rows.join("")}</ul>`);
  });
  const open = () => new Promise((resolve) => {
    provider = new Provider(issuer, configuration);
    server.listen(port, "127.0.0.1", resolve);
  });
  const close = () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); });
  return { issuer, asked, configure, open, close, people, clientKey: client.privateKey.export({ type: "pkcs8", format: "pem" }) };
}
