// disaster-recovery-files: the credentials of the demo data that examples use.

export const DEMO = {
  apiKey: 'YOUR_API_KEY',
  username: 'primary',
  password: 'primary.pass1',
  totpSecret: 'FIREDRILLDEMOSECRETOFPRIMARYUSER',
}
