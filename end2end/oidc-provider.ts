// A certified OpenID Connect provider (npm's oidc-provider), run by a test: everybody is there by the name they type.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Server as HttpServer, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Configuration, Provider } from "oidc-provider";

export interface Kind {
  slug: string;
  name: string;
  alg: "RS256" | "ES256";
  method: "client_secret_basic" | "client_secret_post";
}

const SECRET = "a secret: of the & client";

export class OidcProvider {
  private constructor(
    readonly kind: Kind,
    readonly issuer: string,
    private readonly http: HttpServer,
  ) {}

  /** With one client: the site at `origin`. */
  static async start(kind: Kind, origin: string): Promise<OidcProvider> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const key = kind.alg === "RS256" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ec", { namedCurve: "P-256" });
    const configuration: Configuration = {
      clients: [
        {
          client_id: `lectern-${kind.slug}`,
          client_secret: SECRET,
          redirect_uris: [`${origin}/auth/oidc/${kind.slug}/callback`],
          response_types: ["code"],
          grant_types: ["authorization_code"],
          token_endpoint_auth_method: kind.method,
          id_token_signed_response_alg: kind.alg,
        },
      ],
      clientAuthMethods: [kind.method],
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      cookies: { keys: ["quiet"] },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({ sub: id, name: `${id} of ${kind.name}`, email: `${id.toLowerCase()}@example.org`, email_verified: true }),
      }),
      jwks: { keys: [{ ...key.privateKey.export({ format: "jwk" }), use: "sig", alg: kind.alg } as never] },
    };
    http.on("request", new Provider(issuer, configuration).callback());
    return new OidcProvider(kind, issuer, http);
  }

  /** What the settings' file says of it. */
  get toml(): string {
    const { slug, name } = this.kind;
    return `[[provider]]\nslug = "${slug}"\nname = "${name}"\nissuer = "${this.issuer}"\nclient_id = "lectern-${slug}"\nclient_secret = "${SECRET}"\n`;
  }

  end() {
    this.http.closeAllConnections();
    this.http.close();
  }
}

/** A settings' file for several, and a way to be rid of it. */
export function settingsFile(providers: OidcProvider[]): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "lectern-oidc-"));
  const path = join(folder, "oidc.toml");
  writeFileSync(path, providers.map((provider) => provider.toml).join("\n"));
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
