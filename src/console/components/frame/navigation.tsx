// The links to the views.
import { hrefOfView } from '../../state/url.ts'
import { shownView, views } from '../../views/index.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'

export function Navigation() {
  return (
    <nav class="navigation" aria-label="Views">
      {views.map(({ id, title, icon, key }) => (
        <Link
          key={id}
          href={hrefOfView(id)}
          aria-current={id === shownView.value.id ? 'page' : undefined}
          title={`${title} (g ${key})`}
        >
          <Icon name={icon} />
          <span>{title}</span>
        </Link>
      ))}
    </nav>
  )
}
